#!/bin/bash
# MariaDB: every service's database. Not durable against a power cut: `up` then begins anew.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

install -d -o mysql -g mysql /run/mysqld
start mariadb mariadbd --no-defaults --user=mysql --datadir=/var/lib/mysql --socket=/run/mysqld/mysqld.sock --pid-file=/run/mysqld/mysqld.pid \
    --bind-address=127.0.0.1 --skip-name-resolve --max-connections=600 --character-set-server=utf8mb3 --skip-log-bin \
    --innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync
await 60 mariadb -e 'SELECT 1'
mariadb -e "CREATE USER IF NOT EXISTS openstack@'127.0.0.1' IDENTIFIED BY '$(secret database)'; GRANT ALL ON *.* TO openstack@'127.0.0.1'"
