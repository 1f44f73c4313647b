package org.ifaas.storage.bucket;

import java.net.URI;
import java.util.TreeSet;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import org.jclouds.blobstore.options.ListContainerOptions;
import org.jspecify.annotations.Nullable;

/** A server that speaks S3 and checks signatures, with one bucket, in memory. */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "hand-over";
    public static final String ACCESS_KEY = "factory";
    public static final String SECRET_KEY = "s3cret-of-the-factory";

    private final BlobStoreContext context;
    private final S3Proxy proxy;

    S3Server() throws Exception {
        this("127.0.0.1", null);
    }

    /** @param tls null for one that speaks without */
    public S3Server(String address, @Nullable TlsKeys tls) throws Exception {
        context = ContextBuilder.newBuilder("transient")
                .credentials("here", "here")
                .build(BlobStoreContext.class);
        context.getBlobStore().createContainerInLocation(null, BUCKET);
        var builder = S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY);
        if (tls == null) {
            builder.endpoint(URI.create("http://" + address + ":0"));
        } else {
            builder.secureEndpoint(URI.create("https://" + address + ":0"))
                    .keyStore(tls.keys().toString(), TlsKeys.PASSWORD);
        }
        proxy = builder.build();
        proxy.start();
    }

    public int port() {
        return Math.max(proxy.getPort(), proxy.getSecurePort());
    }

    /** Of all objects, and of what it keeps for uploads that have neither been completed nor ended. */
    public TreeSet<String> keys() {
        var keys = new TreeSet<String>();
        context.getBlobStore()
                .list(BUCKET, ListContainerOptions.Builder.recursive())
                .forEach(object -> keys.add(object.getName()));
        return keys;
    }

    @Override
    public void close() throws Exception {
        proxy.stop();
        context.close();
    }
}
