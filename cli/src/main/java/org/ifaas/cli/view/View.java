package org.ifaas.cli.view;

import java.util.Collection;
import org.ifaas.api.BuildView;

/** Shows builds while they run. Called by one thread only. */
public interface View {
    /** A build has changed, or is seen for the first time; {@code json} is what the factory sent. */
    void changed(BuildView build, String json);

    /** Some time has passed: called about ten times a second. */
    void tick();

    /** A sentence about the showing itself, such as that the factory went away. */
    void note(String sentence);

    /** Nothing is drawn between these two: the user is being asked. */
    default void pause() {}

    default void resume() {}

    /** All builds have ended, or the user looks no longer. */
    void ended(Collection<BuildView> builds);
}
