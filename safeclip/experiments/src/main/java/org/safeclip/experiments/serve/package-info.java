/**
 * Pages for a browser on this machine: a run while it trains ({@link org.safeclip.experiments.serve.LivePage}), and a search with
 * its models ({@link org.safeclip.experiments.serve.Explorer}). The server listens on the loopback address only.
 */
@NullMarked
package org.safeclip.experiments.serve;

import org.jspecify.annotations.NullMarked;
