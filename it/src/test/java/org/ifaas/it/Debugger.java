package org.ifaas.it;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Holds single threads of a factory where they enter a method, while all else in it goes on; one factory after the other. */
final class Debugger implements AutoCloseable {
    /** The entry of a method, in all its forms. */
    record Place(String type, String method) {}

    /** Asked whenever a thread comes to a place. */
    interface Holding {
        /** Whether the thread stays there, for as long as its process lives. */
        boolean holds(Place place, ThreadReference thread) throws IncompatibleThreadStateException;
    }

    private final ListeningConnector connector = Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(one -> one.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    private final Map<String, Connector.Argument> arguments = connector.defaultArguments();
    private final ReentrantLock watching = new ReentrantLock();
    private final Set<Place> places;
    private final Holding holding;
    private final String address;

    Debugger(Collection<Place> places, Holding holding) throws IOException, IllegalConnectorArgumentsException {
        this.places = Set.copyOf(places);
        this.holding = holding;
        arguments.get("localAddress").setValue("127.0.0.1");
        address = connector.startListening(arguments);
        Thread.ofPlatform().daemon().name("debugger").start(this::accept);
    }

    /** For the JVM of each factory: it begins when it is watched. A virtual thread that is held holds its carrier, too. */
    List<String> options() {
        return List.of(
                "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=127.0.0.1:"
                        + address.substring(address.lastIndexOf(':') + 1),
                "-Djdk.virtualThreadScheduler.parallelism=64");
    }

    /** Of the last factory, which has ended, nothing more is heard. */
    void hearOut() {
        watching.lock();
        watching.unlock();
    }

    private void accept() {
        try {
            while (true) {
                var machine = connector.accept(arguments);
                watching.lock();
                try {
                    watch(machine);
                } catch (VMDisconnectedException ended) {
                    // The next one comes.
                } finally {
                    watching.unlock();
                }
            }
        } catch (IOException | IllegalConnectorArgumentsException | InterruptedException closed) {
            // No more factories.
        }
    }

    private void watch(VirtualMachine machine) throws InterruptedException {
        for (var place : places) {
            var prepared = machine.eventRequestManager().createClassPrepareRequest();
            prepared.addClassFilter(place.type());
            prepared.putProperty("place", place);
            prepared.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
            prepared.enable();
        }
        while (true) {
            EventSet events = machine.eventQueue().remove();
            boolean held = false;
            for (var event : events) {
                held |= holds(event);
            }
            if (!held) {
                events.resume();
            }
        }
    }

    private boolean holds(Event event) {
        if (event instanceof ClassPrepareEvent prepared) {
            stopAt((Place) prepared.request().getProperty("place"), prepared.referenceType());
        }
        try {
            return event instanceof BreakpointEvent reached
                    && holding.holds((Place) reached.request().getProperty("place"), reached.thread());
        } catch (IncompatibleThreadStateException e) {
            throw new IllegalStateException("a thread at a breakpoint is not stopped", e);
        }
    }

    private static void stopAt(Place place, ReferenceType type) {
        // By name one would find those that are inherited, too: of a record's, those of all records.
        for (var method : type.methods()) {
            if (!method.name().equals(place.method())) {
                continue;
            }
            var stop = type.virtualMachine().eventRequestManager().createBreakpointRequest(method.location());
            stop.putProperty("place", place);
            stop.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
            stop.enable();
        }
    }

    /** Where the thread is within that method; null when it isn't. */
    static @Nullable StackFrame within(ThreadReference thread, Place method) throws IncompatibleThreadStateException {
        return thread.frames().stream()
                .filter(frame -> frame.location().declaringType().name().equals(method.type())
                        && frame.location().method().name().equals(method.method()))
                .findFirst()
                .orElse(null);
    }

    /** A text that is found by way of these fields. */
    static String text(ObjectReference from, String... fields) {
        var value = from;
        for (var name : fields) {
            value = (ObjectReference) value.getValue(value.referenceType().fieldByName(name));
        }
        return ((StringReference) value).value();
    }

    @Override
    public void close() throws IOException, IllegalConnectorArgumentsException {
        connector.stopListening(arguments);
    }
}
