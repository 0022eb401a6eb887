package org.safeclip.tensor.backend;

/**
 * Owner of the memory of one step: everything allocated inside returns to the backend's pool when the scope closes;
 * using it afterwards throws an exception. Scopes nest and must be closed innermost first.
 */
public interface Scope extends AutoCloseable {
    @Override
    void close();
}
