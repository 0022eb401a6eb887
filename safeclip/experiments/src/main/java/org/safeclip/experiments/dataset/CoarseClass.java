package org.safeclip.experiments.dataset;

import java.util.List;

/**
 * A coarse class of the embedded images, such as "mammal".
 *
 * @param id index among the coarse classes
 * @param key key of its emoji subgroup
 * @param noun name in prompts
 * @param concepts ids of the fine classes that belong to it
 */
public record CoarseClass(int id, String key, String noun, List<Integer> concepts) {}
