package org.safeclip.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the module asks of others and offers them. */
class ModuleInfoTest {
    private static final ModuleDescriptor MODULE = MethodModule.descriptor();

    @Test
    void everyPackageIsOfferedToEverybody() {
        List<String> offered = MODULE.exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .toList();
        assertThat(MODULE.packages()).isNotEmpty().containsExactlyInAnyOrderElementsOf(offered);
    }

    /** No java.desktop, no JSON, no CSV, no command line: a library for training on any data. */
    @Test
    void itNeedsLayersPrimitiveMapsAndVectorsAlone() {
        assertThat(MODULE.requires())
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder(
                        "java.base",
                        "it.unimi.dsi.fastutil",
                        "jdk.incubator.vector",
                        "org.jspecify",
                        "org.safeclip.nn");
    }
}
