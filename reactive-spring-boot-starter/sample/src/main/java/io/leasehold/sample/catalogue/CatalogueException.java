package io.leasehold.sample.catalogue;

import org.jspecify.annotations.Nullable;

/** The catalogue as a whole cannot be read; the message names the file, what is wrong and what to do. */
public final class CatalogueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CatalogueException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
