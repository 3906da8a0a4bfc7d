package io.leasehold.sample.web;

import io.leasehold.sample.desk.Desk;
import io.leasehold.sample.desk.NetworkSummary;
import io.leasehold.sample.desk.Summary;
import io.leasehold.sample.desk.Tally;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the desk has found, in all and per network. */
@RestController
public final class SummaryController {

    private final Desk desk;
    private final Tally tally;

    SummaryController(Desk desk, Tally tally) {
        this.desk = desk;
        this.tally = tally;
    }

    /** Returns how far the desk is and what it has found. */
    @GetMapping("/api/summary")
    public Summary summary() {
        return Summary.of(desk, tally);
    }

    /** Returns what it has found for each reporting network, the one with most earthquakes first. */
    @GetMapping("/api/networks")
    public List<NetworkSummary> networks() {
        return NetworkSummary.of(desk);
    }
}
