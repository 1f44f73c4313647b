package org.ifaas.factory.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.publish.InMemoryRequests;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final BuildId BUILD = new BuildId("b9v8qs38");
    private static final NotifyPolicy POLICY = new NotifyPolicy(
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofDays(5),
            Duration.ofMinutes(5),
            3,
            Duration.ofDays(1));

    private Instant now = OutboxContract.T0;
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryLogs logs = new InMemoryLogs();
    private final MayBeAway outbox = new MayBeAway();
    private final OneImage repository = new OneImage("tiny");
    private final Told mail = new Told("mail");
    private final Told hook = new Told("webhook-a");

    /** Remembers what it is told; can be out of order. */
    private static final class Told implements Channel {
        private final String name;
        private final List<Notice> notices = new ArrayList<>();
        private boolean broken;
        private List<String> refused = List.of();
        private final List<List<String>> rests = new ArrayList<>();
        private int tries;
        private Runnable meanwhile = () -> {};

        private Told(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void tell(Notice notice) throws NotDelivered {
            tries++;
            if (broken) {
                throw new NotDelivered("the server mail.example.org does not answer");
            }
            notices.add(notice);
            meanwhile.run();
            if (!refused.isEmpty()) {
                throw new NotDelivered("busy", refused, new IOException("451"));
            }
        }

        @Override
        public void tell(Notice notice, List<String> rest) throws NotDelivered {
            rests.add(rest);
            tell(notice);
        }
    }

    private void round() throws InterruptedException {
        round(deliveries());
    }

    private static void round(Deliveries deliveries) throws InterruptedException {
        for (var channel : deliveries.channels()) {
            deliveries.round(channel);
        }
    }

    private Deliveries deliveries() {
        var notices = new Notices(
                journal,
                logs,
                new InMemoryRequests(journal),
                repository,
                List.of("operator@example.org"),
                POLICY,
                "https://images.example.org");
        return new Deliveries(outbox, notices, List.of(mail, hook), POLICY, () -> now);
    }

    private void failed(Blame blame) {
        var lease = journal.take(
                journal.create(BUILD, withCopyTo("friend@example.org"), "anna", now)
                        .id(),
                now);
        try (var log = logs.open(BUILD, 1, StageName.TEST_IMAGE)) {
            List.of("one", "two", "three", "<b>four</b>").forEach(log::line);
        }
        journal.ended(lease, StageName.TEST_IMAGE, StageState.FAILED, blame, "no kernel", "Add one.", now);
        journal.end(lease, BuildState.FAILED, "Test image: no kernel", now);
        outbox.add(Event.ended(EventKind.FAILED, "tiny", BUILD, 1, now));
    }

    private static Parameters withCopyTo(String address) {
        var plain = Parameters.of("tiny");
        return new Parameters(
                plain.image(),
                plain.ref(),
                plain.regions(),
                plain.cloud(),
                plain.host(),
                plain.keepHost(),
                plain.runTests(),
                plain.force(),
                plain.requestPublication(),
                List.of(address),
                plain.serialSuffix());
    }

    @Test
    void theOwnerHearsOfAFailureWithTheTeamAndTheRequestersFriendsInCopy() throws Exception {
        failed(Blame.IMAGE);
        round();
        assertThat(mail.notices).singleElement().satisfies(notice -> {
            assertThat(notice.to()).containsExactly("owner@example.org");
            assertThat(notice.copyTo()).containsExactly("team@example.org", "friend@example.org");
            assertThat(notice.title()).isEqualTo("tiny failed in Test image");
            assertThat(notice.failure())
                    .isEqualTo(new Notice.Failure(
                            StageName.TEST_IMAGE,
                            Blame.IMAGE,
                            "no kernel",
                            "Add one.",
                            List.of("two", "three", "<b>four</b>")));
            assertThat(notice.page())
                    .isEqualTo("https://images.example.org/builds/b9v8qs38?attempt=1&stage=test-image#log");
            assertThat(notice.commands()).contains("ifaas logs b9v8qs38 test-image");
        });
        assertThat(hook.notices).isEqualTo(mail.notices);
    }

    private static final class MayBeAway extends InMemoryOutbox {
        private boolean away;

        @Override
        public synchronized void arrived(Delivery delivery, Instant now) {
            if (away) {
                throw new JournalAway(new IOException("gone"));
            }
            super.arrived(delivery, now);
        }
    }

    @Test
    void whatWasToldWhileTheDatabaseWentAwayIsNotToldAgain() throws Exception {
        var deliveries = deliveries();
        failed(Blame.IMAGE);
        mail.meanwhile = () -> outbox.away = true;
        assertThatThrownBy(() -> round(deliveries)).isInstanceOf(JournalAway.class);
        assertThatThrownBy(() -> round(deliveries)).isInstanceOf(JournalAway.class);
        outbox.away = false;
        mail.meanwhile = () -> {};
        now = now.plus(POLICY.lease()).plusSeconds(1);
        round(deliveries);
        assertThat(mail.notices).hasSize(1);
        assertThat(hook.notices).hasSize(1);
    }

    @Test
    void theOperatorsHearWhenTheFactoryIsToBlame() throws Exception {
        failed(Blame.FACTORY);
        round();
        assertThat(mail.notices.getFirst().copyTo()).contains("operator@example.org");
    }

    @Test
    void theOperatorsHearWhenNoOwnerIsKnown() throws Exception {
        repository.isGone();
        failed(Blame.IMAGE);
        round();
        assertThat(mail.notices.getFirst().to()).containsExactly("operator@example.org");
    }

    @Test
    void whatHasArrivedIsNotToldAgain() throws Exception {
        failed(Blame.IMAGE);
        round();
        now = now.plus(Duration.ofDays(2));
        round();
        assertThat(mail.notices).hasSize(1);
        assertThat(hook.notices).hasSize(1);
    }

    @Test
    void whileOneChannelIsOutOfOrderTheOthersGoOnAndItIsTriedEverMoreSeldom() throws Exception {
        failed(Blame.IMAGE);
        mail.broken = true;
        round();
        assertThat(hook.notices).hasSize(1);
        for (var pause : List.of(30, 60, 120, 120)) {
            int before = mail.tries;
            now = now.plusSeconds(pause - 1);
            round();
            assertThat(mail.tries).isEqualTo(before);
            now = now.plusSeconds(1);
            round();
            assertThat(mail.tries).isEqualTo(before + 1);
        }
        mail.broken = false;
        now = now.plusSeconds(120);
        round();
        assertThat(mail.notices).hasSize(1);
    }

    @Test
    void whatReachedSomeIsToldToTheRestAlone() throws Exception {
        failed(Blame.IMAGE);
        mail.refused = List.of("owner@example.org");
        round();
        mail.broken = true;
        now = now.plusSeconds(30);
        round();
        mail.broken = false;
        mail.refused = List.of();
        now = now.plusSeconds(60);
        round();
        now = now.plus(Duration.ofDays(1));
        round();
        assertThat(mail.rests).containsExactly(List.of("owner@example.org"), List.of("owner@example.org"));
        assertThat(hook.notices).hasSize(1);
    }

    @Test
    void aChannelThatHangsKeepsNoOtherWaiting() throws Exception {
        failed(Blame.IMAGE);
        var hangs = new CountDownLatch(1);
        var answers = new CountDownLatch(1);
        hook.meanwhile = () -> {
            hangs.countDown();
            awaitUninterrupted(answers);
        };
        var deliveries = deliveries();
        var hanging = Thread.ofVirtual().start(() -> {
            try {
                deliveries.round("webhook-a");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        hangs.await();
        outbox.add(Event.schedulePaused("tiny", BUILD, now, "3 builds in a row have failed."));
        deliveries.round("mail");
        assertThat(mail.notices).hasSize(2);
        answers.countDown();
        hanging.join();
        assertThat(hook.notices).hasSize(2);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDeliveryThatNeverGetsThroughIsGivenUp() throws Exception {
        failed(Blame.IMAGE);
        mail.broken = true;
        round();
        now = now.plus(Duration.ofDays(6));
        round();
        int tries = mail.tries;
        now = now.plus(Duration.ofDays(6));
        round();
        assertThat(mail.tries).isEqualTo(tries);
    }

    @Test
    void anEventOfABuildThatIsGoneIsToldAllTheSame() throws Exception {
        outbox.add(Event.schedulePaused("tiny", BUILD, now, "3 builds in a row have failed."));
        round();
        assertThat(mail.notices).singleElement().satisfies(notice -> {
            assertThat(notice.reason()).isEqualTo("3 builds in a row have failed.");
            assertThat(notice.commands()).contains("ifaas schedules resume tiny");
        });
    }

    @Test
    void aBuildsRequesterIsNamed() throws Exception {
        failed(Blame.IMAGE);
        round();
        assertThat(mail.notices.getFirst().requester())
                .isEqualTo(journal.find(BUILD).map(Build::requester).orElseThrow());
    }
}
