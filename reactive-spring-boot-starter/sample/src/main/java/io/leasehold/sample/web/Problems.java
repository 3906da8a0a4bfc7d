package io.leasehold.sample.web;

import io.leasehold.publish.PublishException;
import io.leasehold.sample.quake.QuakeFormatException;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers what goes wrong with problem details (RFC 9457) that say what, where and what to do. */
@RestControllerAdvice
public final class Problems {

    /** Names each field that is wrong: in the text, and one by one under {@code errors}. */
    @ExceptionHandler
    ProblemDetail notAQuake(QuakeFormatException wrong) {
        ProblemDetail problem = problem(HttpStatus.BAD_REQUEST, "Not an earthquake", wrong);
        problem.setProperty("errors", wrong.problems());
        return problem;
    }

    /** Says that there is nothing under this id. */
    @ExceptionHandler
    ProblemDetail unknown(UnknownQuakeException unknown) {
        return problem(HttpStatus.NOT_FOUND, "Unknown earthquake", unknown);
    }

    /** Says that there is no room. */
    @ExceptionHandler
    ProblemDetail full(DeskFullException full) {
        return problem(HttpStatus.SERVICE_UNAVAILABLE, "The desk is full", full);
    }

    /** Says that the broker did not confirm, and whether it may have the message all the same. */
    @ExceptionHandler
    ProblemDetail notConfirmed(PublishException refused) {
        ProblemDetail problem = problem(HttpStatus.SERVICE_UNAVAILABLE, "Not confirmed by the broker", refused);
        problem.setProperty("code", refused.code().id());
        problem.setProperty("unknown", refused.isUnknown());
        return problem;
    }

    private static ProblemDetail problem(HttpStatus status, String title, Exception cause) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, Objects.toString(cause.getMessage()));
        problem.setTitle(title);
        return problem;
    }
}
