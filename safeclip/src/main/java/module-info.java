/** The paper: SafeCLIP, the attacks it is measured against, and the command line. */
module org.safeclip {
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires it.unimi.dsi.fastutil;
    requires java.desktop;
    requires org.safeclip.nn;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.toml;

    // picocli fills the commands' fields, Jackson reads the components of records, Module walks those of the model.
    opens org.safeclip to
            tools.jackson.databind;
    opens org.safeclip.compare to
            tools.jackson.databind;
    opens org.safeclip.cli to
            info.picocli,
            tools.jackson.databind;
    opens org.safeclip.data to
            tools.jackson.databind;
    opens org.safeclip.eval to
            tools.jackson.databind;
    opens org.safeclip.model to
            org.safeclip.nn;
    opens org.safeclip.report to
            tools.jackson.databind;
    opens org.safeclip.trust to
            tools.jackson.databind;
}
