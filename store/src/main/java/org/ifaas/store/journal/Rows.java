package org.ifaas.store.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.RegionPublication;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Times;

/** Rows as the factory's records. */
final class Rows {
    private Rows() {}

    static Build build(ResultSet row) throws SQLException {
        return new Build(
                new BuildId(row.getString("id")),
                Json.read(row.getString("parameters"), Parameters.class),
                row.getString("requester"),
                BuildState.valueOf(row.getString("state")),
                row.getInt("attempt"),
                Times.of(row, "requested"),
                Times.orNull(row, "started"),
                Times.orNull(row, "ended"),
                row.getString("reason"),
                row.getBoolean("cancel_requested"));
    }

    static StageRun stageRun(ResultSet row) throws SQLException {
        var blame = row.getString("blame");
        return new StageRun(
                new BuildId(row.getString("build")),
                row.getInt("attempt"),
                StageName.valueOf(row.getString("stage")),
                StageState.valueOf(row.getString("state")),
                Times.orNull(row, "started"),
                Times.orNull(row, "ended"),
                blame == null ? null : Blame.valueOf(blame),
                row.getString("message"),
                row.getString("mend"));
    }

    /** Publication requests, each with its regions; a condition may follow. */
    static final String REQUESTS = """
            select request.*, (select coalesce(jsonb_agg(jsonb_build_object('region', region, 'state', p.state,
                    'reason', p.reason, 'changed', p.changed) order by region collate "C"), '[]')
                from region_publication p where p.request = request.id) as regions
            from publication_request request
            """;

    static PublicationRequest request(ResultSet row) throws SQLException {
        var approval = row.getString("approval");
        return new PublicationRequest(
                new BuildId(row.getString("id")),
                row.getString("image"),
                row.getString("serial"),
                row.getString("publish_as"),
                row.getString("sha256"),
                Json.readList(row.getString("images"), ImageRef.class),
                row.getString("requester"),
                PublicationRequest.State.valueOf(row.getString("state")),
                Times.of(row, "requested"),
                row.getString("decided_by"),
                Times.orNull(row, "decided"),
                row.getString("how"),
                row.getString("reason"),
                approval == null ? null : Json.read(approval, SignedApproval.class),
                Json.readList(row.getString("regions"), RegionPublication.class));
    }
}
