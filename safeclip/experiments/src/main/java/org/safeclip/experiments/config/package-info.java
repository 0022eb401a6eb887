/**
 * The settings of an experiment: one record with a table for each part, read from TOML files and the command line, and saved in
 * every run folder.
 */
@NullMarked
package org.safeclip.experiments.config;

import org.jspecify.annotations.NullMarked;
