package org.safeclip.experiments.dataset;

import java.util.List;

/** A class such as "mammal": its noun, the subgroup key it comes from, and the concepts that belong to it. */
public record CoarseClass(int id, String key, String noun, List<Integer> concepts) {}
