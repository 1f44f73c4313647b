package org.ifaas.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server that takes some recipients and not others, and remembers for whom it took a mail. */
final class PickySmtpServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    /** What it says to {@code RCPT TO} of an address. */
    final Map<String, String> answers = new ConcurrentHashMap<>();

    /** The recipients of each mail that it took. */
    final List<List<String>> taken = new CopyOnWriteArrayList<>();

    PickySmtpServer() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try (var client = socket.accept()) {
                    serve(client);
                } catch (IOException e) {
                    // It is closed, or the client has gone.
                }
            }
        });
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        var recipients = new ArrayList<String>();
        say(client, "220 picky");
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("RCPT TO:<")) {
                var address = line.substring("RCPT TO:<".length(), line.indexOf('>'));
                var answer = answers.getOrDefault(address, "250 ok");
                if (answer.startsWith("2")) {
                    recipients.add(address);
                }
                say(client, answer);
            } else if (line.equals("DATA")) {
                say(client, "354 go on");
                while (!".".equals(in.readLine())) {
                    // the letter
                }
                taken.add(List.copyOf(recipients));
                say(client, "250 taken");
            } else if (line.equals("QUIT")) {
                say(client, "221 bye");
                return;
            } else {
                say(client, "250 ok");
            }
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
