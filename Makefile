# Short names for what the scripts do; `make help` lists them.
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

build: ## builds the product (the launcher does the same by itself when sources have changed)
	@./ifaas --version

train: build ## makes the start-up cache of the factory's process now; otherwise it is made in the background
	@./bin/factory train

package: ## one file to install elsewhere: target/ifaas-VERSION.tar.gz
	@./bin/package

test: ## everything: format, shellcheck, ErrorProne, NullAway, all tests
	@./test

fast: ## the same without boots and image builds
	@./test fast

bench: ## what the benches in bench/ measure, and how each is called
	@for run in bench/*/run; do sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$$run"; echo; done

screenshots: ## pictures of the console's pages in target/screenshots; takes a Chromium (CHROMIUM names another program)
	@. bin/jdk.sh && find_jdk && JAVA_HOME=$$JDK mvn -B -ntp -q -pl server -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest=Screenshots test

openstack-up: ## starts a real OpenStack under target/openstack to try the factory against (root; docs/operate/try-openstack.md)
	@./it/openstack/up

openstack-try: ## what a factory does there, once: image, server, SSH, console, publication; then looks for what is left
	@./it/openstack/try

openstack-down: ## ends it; what was prepared is kept for the next start
	@./it/openstack/down

openstack-forget: ## ends it and removes what was prepared
	@./it/openstack/forget

format: ## formats all Java sources
	@. bin/jdk.sh && find_jdk && JAVA_HOME=$$JDK mvn -B -ntp -q spotless:apply

clean: ## removes everything that was built
	@[ ! -e target/openstack/run ] || ./it/openstack/down
	rm -rf target */target

.PHONY: help build train package test fast bench screenshots openstack-up openstack-try openstack-down openstack-forget format clean
SHELL := /bin/bash
