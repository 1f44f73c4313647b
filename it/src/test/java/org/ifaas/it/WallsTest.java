package org.ifaas.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.ifaas.factory.pipeline.Stage;
import org.junit.jupiter.api.Test;

/** The walls of the house, as docs/adr and CONTRIBUTING.md name them. */
class WallsTest {
    private static final String[] ADAPTERS = {
        "org.ifaas.sources..",
        "org.ifaas.store..",
        "org.ifaas.hosts..",
        "org.ifaas.builders..",
        "org.ifaas.release..",
        "org.ifaas.storage..",
        "org.ifaas.mail.."
    };

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.ifaas");

    @Test
    void theDomainDependsOnTheJdkSlf4jAndJspecifyAlone() {
        classes()
                .that()
                .resideInAPackage("org.ifaas.factory..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.ifaas.factory..", "java..", "javax.xml..", "org.slf4j..", "org.jspecify..")
                .check(PRODUCT);
    }

    @Test
    void theDomainKnowsNoDatabaseAndNoHttp() {
        noClasses()
                .that()
                .resideInAPackage("org.ifaas.factory..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "java.net.http..")
                .check(PRODUCT);
    }

    @Test
    void adaptersNeverDependOnEachOtherNorOnTheServer() {
        slices().matching("org.ifaas.(sources|store|hosts|builders|release|storage|mail)..")
                .should()
                .notDependOnEachOther()
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAnyPackage(ADAPTERS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.ifaas.server..", "org.ifaas.cli..", "org.ifaas.api..")
                .check(PRODUCT);
    }

    @Test
    void aStageNeverSeesAnotherStage() {
        classes().that().implement(Stage.class).should(notSeeAnotherStage()).check(PRODUCT);
    }

    private static ArchCondition<JavaClass> notSeeAnotherStage() {
        return new ArchCondition<>("not see another stage") {
            @Override
            public void check(JavaClass stage, ConditionEvents events) {
                stage.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> dependency.getTargetClass().isAssignableTo(Stage.class))
                        .filter(dependency -> !dependency.getTargetClass().isInterface())
                        .filter(dependency -> !dependency.getTargetClass().equals(stage))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(stage, dependency.getDescription())));
            }
        };
    }

    @Test
    void thePipelineKnowsNoPortAndNoStage() {
        noClasses()
                .that()
                .resideInAPackage("org.ifaas.factory.pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.ifaas.factory.stage..",
                        "org.ifaas.factory.host..",
                        "org.ifaas.factory.image..",
                        "org.ifaas.factory.fact..")
                .check(PRODUCT);
    }

    @Test
    void theCommandLineKnowsTheInterfacesRecordsAndNothingElseOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("org.ifaas.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.ifaas.factory..", "org.ifaas.server..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(ADAPTERS)
                .check(PRODUCT);
    }

    @Test
    void onlyConfigReadsTheEnvironment() {
        noClasses()
                .that()
                .resideInAnyPackage("org.ifaas.factory..", "org.ifaas.server..")
                .or()
                .resideInAnyPackage(ADAPTERS)
                .and()
                .doNotHaveFullyQualifiedName("org.ifaas.server.Config")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(PRODUCT);
    }
}
