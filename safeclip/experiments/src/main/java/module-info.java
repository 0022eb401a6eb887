/** Experiments with SafeCLIP: data sets, attacks, evaluation, reports, and the command line. */
module org.safeclip.experiments {
    requires com.fasterxml.jackson.annotation;
    requires de.siegmar.fastcsv;
    requires dev.hardwood.core;
    requires info.picocli;
    requires it.unimi.dsi.fastutil;
    requires java.desktop;
    requires java.logging;
    requires jdk.httpserver;
    requires org.apache.commons.statistics.interval;
    requires org.safeclip;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    exports org.xerial.snappy; // to dev.hardwood.core, an automatic module

    // picocli fills the commands' fields, Jackson reads the components of records, Settings those of settings records.
    opens org.safeclip.experiments.attack to
            org.safeclip;
    opens org.safeclip.experiments.cli to
            info.picocli;
    opens org.safeclip.experiments.config to
            org.safeclip;
    opens org.safeclip.experiments.dataset to
            org.safeclip;
    opens org.safeclip.experiments.eval to
            org.safeclip,
            tools.jackson.databind;
    opens org.safeclip.experiments.grid to
            tools.jackson.databind;
    opens org.safeclip.experiments.run to
            tools.jackson.databind;
}
