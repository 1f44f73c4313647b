package org.ifaas.factory.publish;

/** Takes "signed" for a signature of everything; a statement is that word and what it says. */
record PlainReleases() implements ReleaseReader {
    static String statement(String diskFormat, String sha256, String image, String release) {
        return String.join(" ", "signed", diskFormat, sha256, image, release);
    }

    @Override
    public void check(String checksums, String signature) throws NotApproved {
        if (!signature.equals("signed")) {
            throw new NotApproved("not by the release key", "Look.");
        }
    }

    @Override
    public Conversion conversion(String envelope) throws NotApproved {
        var words = envelope.split(" ");
        check("", words[0]);
        return new Conversion(words[1], words[2], words[3], words[4]);
    }
}
