package org.ifaas.storage.bucket;

import java.net.URI;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;

/** A server on loopback that speaks S3 and checks signatures, with one bucket, in memory. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "hand-over";
    static final String ACCESS_KEY = "factory";
    static final String SECRET_KEY = "s3cret-of-the-factory";

    private final BlobStoreContext context;
    private final S3Proxy proxy;

    S3Server() throws Exception {
        context = ContextBuilder.newBuilder("transient")
                .credentials("here", "here")
                .build(BlobStoreContext.class);
        context.getBlobStore().createContainerInLocation(null, BUCKET);
        proxy = S3Proxy.builder()
                .blobStore(context.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        proxy.start();
    }

    int port() {
        return proxy.getPort();
    }

    @Override
    public void close() throws Exception {
        proxy.stop();
        context.close();
    }
}
