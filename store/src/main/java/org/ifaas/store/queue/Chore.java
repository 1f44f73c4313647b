package org.ifaas.store.queue;

import java.time.Duration;

/**
 * Something done again and again, on one node at a time.
 *
 * @param name the same on all nodes that share the chore; with the node's name in it, a chore of that node alone
 * @param interval from the end of one run to the start of the next
 * @param work what it throws is logged, and it runs again after the interval
 */
public record Chore(String name, Duration interval, Runnable work) {}
