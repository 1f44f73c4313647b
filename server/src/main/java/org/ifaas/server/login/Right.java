package org.ifaas.server.login;

/** What there is to do, and who may: the one place that says so, for the console and for the REST interface. */
public enum Right {
    /** Look at images, and at all that is of one: builds, logs, releases, requests, schedules, hosts, figures. */
    SEE(Role.VIEWER, false),
    /** Look at what is of no image: regions, metrics, how the factory is. */
    SEE_FACTORY(Role.VIEWER, true),
    /** Ask for builds, cancel them, try them again. */
    BUILD(Role.REQUESTER, false),
    /** Keep and destroy build hosts, pause and resume schedules. */
    OPERATE(Role.OPERATOR, false),
    /** Sign releases anew, confirm and refuse the steps of their certification. */
    CERTIFY(Role.OPERATOR, false),
    /** Read the audit log and the settings, have clouds and machine checked. */
    INSPECT(Role.OPERATOR, true),
    /** Approve and reject publication requests. */
    DECIDE(Role.PUBLISHER, false),
    /** Fetch the publications that wait for the account's own region, and report on them. */
    PUBLISH_IN_REGION(Role.REGION_PUBLISHER, false),
    /** Tokens, passwords, back-ups, the factory's end. */
    ADMINISTER(Role.ADMIN, true);

    private final Role needed;
    private final boolean everyImage;

    Right(Role needed, boolean everyImage) {
        this.needed = needed;
        this.everyImage = everyImage;
    }

    public Role needed() {
        return needed;
    }

    /** What somebody lacks who has it not, for people. */
    public String lacking() {
        return "the role " + needed.slug() + (everyImage ? ", for all images" : "");
    }

    /** Whether the role is not enough when it is limited to some images. */
    public boolean everyImage() {
        return everyImage;
    }
}
