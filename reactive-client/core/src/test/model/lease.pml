/*
 * lease.pml - the message-lease protocol: one message, one broker, two clients.
 * Written as one guarded-command process: every line that begins with ":: atomic" is one
 * indivisible step, and Spin tries every order of the steps.  All times are RELATIVE counters,
 * so true time is unbounded and the state space is still finite; only the number of deliveries
 * is bounded (MAXD).
 *
 * CLOCKS   In one true tick a local clock advances one local tick, but during one lease the
 *          broker's may run at most DB ticks fast and a client's at most DC ticks slow.
 * CLIENT   The deadline is anchored at the local instant at which the request that causes the
 *          grant was SENT (pull or touch), not when the answer arrived:
 *                 due  <=>  elapsed since anchor >= TERM - MARGIN
 *          A confirmed touch moves the anchor to the instant at which that touch was sent, and
 *          only if the confirmation comes in before the present deadline.
 *          At "due" the handler is cancelled first; a cancelled handler can do nothing.
 * FAULTS   Any message may be delayed for ever or lost; a process may freeze (PAUSE): it takes no
 *          step while its clock goes on.
 *
 * SWITCHES (spin -DNAME=value)                                               default
 *  TERM 5    ack_wait in ticks            MARGIN 3  safety margin (must be > DB+DC+JIT)
 *  DB 1 DC 1 drift budgets                JIT 0     ticks by which the cancel may come late
 *  ANCHOR 1  1 = at send, 0 = at arrival (wrong), 2 = touch: at arrival of the confirmation (wrong)
 *  INTIME 1  1 = a confirmation that comes after the deadline is ignored
 *  FENCE 1   1 = broker checks the delivery token of ack/nak/touch (embedded broker)
 *            0 = it does not (measured: nats-server 2.15.1)
 *  NAK 0     1 = clients may give the message back early
 *  NETMAX 0  0 = no bound on delay; n = an ack/nak is in the network for at most n ticks
 *  GUARD 0   no ack/nak is sent in the last GUARD ticks before "due"
 *  PAUSE 0   1 = client 0 may freeze      GATE 2    2 = on waking the deadline is looked at before
 *            anything else, 1 = some step may slip in first
 *  FAILOVER 0  1 = once per lease a leader change or restart may cut one tick off it (measured on
 *            nats-server 2.15.1: up to 1 s, stored time stamps are whole seconds), 2 = it may also forget touches and go back to the grant's timer
 *  TOUCH 1   1 = leases are extended    EFFECTS 0 1 = handlers write to an outside resource
 *  RFENCE 0  1 = the outside resource refuses tokens smaller than the largest it has seen
 *  CHECKS    which assertions are on (bit mask): 1 exclusive, 2 noStaleSettle, 4 notOutlived,
 *            8 monotone effects, 16 noStaleTouch, 64 witness (must FAIL: a second delivery gets acked)
 *            default 31
 *
 * RUN      spin -a -DMAXD=3 lease.pml && gcc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c && ./pan -m3000000 -w26 -E
 * RESULTS  (Spin 6.5.2, exhaustive; all of them are in README.md, and `run` repeats them)
 *  -DMAXD=3                                        holds    721117 states
 *  -DMAXD=4                                        holds   2667499
 *  -DMAXD=3 -DFENCE=0 -DCHECKS=5                   holds    819079   (unfenced broker, ack + touch)
 *  -DMAXD=3 -DNAK=1                                holds   2312587
 *  -DMAXD=3 -DFENCE=0 -DNAK=1 -DCHECKS=5           FAILS    (a late nak frees another's lease)
 *  -DMAXD=2 -DMARGIN=2                             FAILS    (margin must exceed DB+DC)
 *  -DMAXD=2 -DANCHOR=0   and   -DANCHOR=2          FAIL     (anchored at arrival)
 *  -DMAXD=2 -DFENCE=0 -DCHECKS=2 / -DCHECKS=16     FAIL     (stale ack / stale touch applied)
 *  -DMAXD=2 -DPAUSE=1 -DEFFECTS=1 -DCHECKS=8       FAILS;  with -DRFENCE=1 -DCHECKS=31 holds 632335
 *
 * The protocol of leases is that of C. Gray and D. Cheriton, "Leases: an efficient fault-tolerant
 * mechanism for distributed file cache consistency" (SOSP 1989); Spin and Promela are by G. Holzmann.
 */
#ifndef TERM
#define TERM 5
#endif
#ifndef MARGIN
#define MARGIN 3
#endif
#ifndef DB
#define DB 1
#endif
#ifndef DC
#define DC 1
#endif
#ifndef JIT
#define JIT 0
#endif
#ifndef ANCHOR
#define ANCHOR 1
#endif
#ifndef INTIME
#define INTIME 1
#endif
#ifndef FENCE
#define FENCE 1
#endif
#ifndef NAK
#define NAK 0
#endif
#ifndef NETMAX
#define NETMAX 0
#endif
#ifndef GUARD
#define GUARD 0
#endif
#ifndef PAUSE
#define PAUSE 0
#endif
#ifndef GATE
#define GATE 2
#endif
#ifndef RFENCE
#define RFENCE 0
#endif
#ifndef MAXD
#define MAXD 3
#endif
#ifndef EFFECTS
#define EFFECTS 0
#endif
#ifndef TOUCH
#define TOUCH 1
#endif
#ifndef FAILOVER
#define FAILOVER 0
#endif
#ifndef CHECKS
#define CHECKS 31
#endif
#define NONE 2
#define SAFE (TERM - MARGIN)

/* broker */
byte holder = NONE; byte token = 0; byte bt = 0; byte bf = 0; bool done = 0; byte bg = 0; bool fo = 0;
/* clients: pull sent (0 none, 1 under way or waiting at the broker), stopwatch and drift since */
byte pk[2]; byte e0[2]; byte d0[2];
bool live[2]; byte lt[2]; byte e1[2]; byte d1[2]; byte jt[2];   /* running handler, its token, stopwatch since anchor */
bool tp[2]; byte e2[2]; byte d2[2];                             /* a touch is pending, stopwatch since it was sent   */
bool pz[2]; bool chk[2];                                        /* frozen; "deadline looked at, effect is next"      */
/* network, one slot of each kind per client; the value is the token */
byte dn[2]; byte ak[2]; byte nk[2]; byte tc[2]; byte ok[2]; byte aa[2]; byte na[2];
/* outside resource */
byte hi = 0;

#define DUE(i)   (live[i] && e1[i] >= SAFE)
#define ONTIME(i) (!(DUE(i) && !pz[i]) || jt[i] < JIT)
#define INNET(i)  ((ak[i]==0 || aa[i] < NETMAX) && (nk[i]==0 || na[i] < NETMAX))
#define CANTICK  (ONTIME(0) && ONTIME(1) && (NETMAX==0 || (INNET(0) && INNET(1))))
#define MINE(i)  (holder == i && token == lt[i])

inline cancel(i) { live[i]=0; lt[i]=0; e1[i]=0; d1[i]=0; tp[i]=0; e2[i]=0; d2[i]=0; chk[i]=0; jt[i]=0 }
inline startL(i,tk,el,dr) { live[i]=1; lt[i]=tk; e1[i]=el; d1[i]=dr; jt[i]=0 }

inline verify() {
  d_step {
  assert(!(CHECKS & 1) || !(live[0] && live[1] && !pz[0] && !pz[1]));
  assert(!(CHECKS & 4) || !(live[0] && !pz[0] && !done && !MINE(0)));
  assert(!(CHECKS & 4) || !(live[1] && !pz[1] && !done && !MINE(1)));
  }
}

inline sw(el_,dr_,sl_) {           /* one tick of a stopwatch, perhaps skipped by a slow clock */
  if :: sl_ && dr_ < DC && el_ < SAFE -> dr_++ :: else -> if :: el_ < SAFE -> el_++ :: else fi; if :: el_ >= SAFE -> dr_ = 0 :: else fi fi
}

proctype P() {
  byte i = 0; bool slow = 0;
top:
  do
  /* ------------------------------------------------------------------ time */
  :: atomic { CANTICK ->
       if :: bg > 1 -> bg-- :: else fi;
       if :: bt > 0 -> bt--;
               if :: bt > 0 && bf < DB -> bf++; bt-- :: true fi;
               if :: bt == 0 -> holder = NONE; bf = 0 :: else fi
          :: else fi;
       i = 0;
       do :: i < 2 ->
            if :: DUE(i) && !pz[i] -> jt[i]++ :: else fi;
            if :: slow = 0 :: slow = 1 fi;
            if :: pk[i] || dn[i] -> sw(e0[i], d0[i], slow) :: else fi;
            if :: live[i] -> sw(e1[i], d1[i], slow) :: else fi;
            if :: tp[i]   -> sw(e2[i], d2[i], slow) :: else fi;
            if :: NETMAX && ak[i] -> aa[i]++ :: else fi;
            if :: NETMAX && nk[i] -> na[i]++ :: else fi;
            i++
          :: else -> break
       od; i = 0; slow = 0; verify() }
  /* ------------------------------------------------ choose a client, take a step */
  :: atomic { i = 0; goto act }
  :: atomic { i = 1; goto act }
  od;
act:
  atomic {
  if
  /* client: pull */
  :: !pz[i] && !live[i] && pk[i]==0 && dn[i]==0 && !done -> pk[i]=1; e0[i]=0; d0[i]=0
  /* broker: the pull (under way or waiting there) is granted while the message is free */
  :: pk[i]==1 && holder==NONE && !done && token < MAXD ->
       token++; holder=i; bt=TERM; bf=0; bg=(FAILOVER==2 -> TERM : 0); fo=0; pk[i]=0; dn[i]=token
  :: pk[i] -> pk[i]=0; e0[i]=0; d0[i]=0                       /* pull lost / given up   */
  :: dn[i] -> dn[i]=0; e0[i]=0; d0[i]=0                       /* delivery lost          */
  /* client: delivery. Nothing left of the lease -> never start */
  :: !pz[i] && dn[i] && !live[i] ->
       if :: ANCHOR == 0 -> startL(i,dn[i],0,0)
          :: ANCHOR != 0 && e0[i] < SAFE -> startL(i,dn[i],e0[i],d0[i])
          :: else fi;
       dn[i]=0; e0[i]=0; d0[i]=0; verify()
  /* client: deadline -> cancel */
  :: !pz[i] && DUE(i) -> cancel(i)
  /* client: touch; its confirmation */
  :: TOUCH && !pz[i] && live[i] && !DUE(i) && !tp[i] && tc[i]==0 && ok[i]==0 -> tp[i]=1; e2[i]=0; d2[i]=0; tc[i]=lt[i]
  :: !pz[i] && ok[i] && !(live[i] && tp[i]) -> ok[i]=0                        /* late reply: dropped */
  :: !pz[i] && ok[i] && live[i] && tp[i] ->
       if :: ok[i]==lt[i] && (!INTIME || !DUE(i)) && (ANCHOR != 1) -> e1[i]=0; d1[i]=0; jt[i]=0
          :: ok[i]==lt[i] && (!INTIME || !DUE(i)) && (ANCHOR == 1) && e2[i] < SAFE -> e1[i]=e2[i]; d1[i]=d2[i]; jt[i]=0
          :: else fi;
       ok[i]=0; tp[i]=0; e2[i]=0; d2[i]=0; verify()
  :: ok[i] -> ok[i]=0; tp[i]=0; e2[i]=0; d2[i]=0              /* confirmation lost      */
  :: tc[i] -> tc[i]=0; tp[i]=0; e2[i]=0; d2[i]=0              /* touch lost             */
  :: tc[i] ->                                                  /* broker: touch          */
       if :: !done && holder==i && token==tc[i] -> bt=TERM; bf=0; ok[i]=tc[i]
          :: !done && !(holder==i && token==tc[i]) && holder!=NONE && !FENCE ->
               assert(!(CHECKS & 16)); bt=TERM; bf=0; ok[i]=tc[i]
          :: else -> if :: !FENCE -> ok[i]=tc[i] :: else fi
       fi; tc[i]=0
  /* client: finished -> ack (or nak); the handler ends with it */
  :: !pz[i] && live[i] && e1[i]+GUARD < SAFE && ak[i]==0 -> ak[i]=lt[i]; aa[i]=0; cancel(i)
  :: NAK && !pz[i] && live[i] && e1[i]+GUARD < SAFE && nk[i]==0 -> nk[i]=lt[i]; na[i]=0; cancel(i)
  :: GATE < 2 && !pz[i] && live[i] && DUE(i) && ak[i]==0 -> ak[i]=lt[i]; aa[i]=0; cancel(i)  /* slips in before the look */
  :: NETMAX==0 && ak[i] -> ak[i]=0
  :: NETMAX==0 && nk[i] -> nk[i]=0
  :: ak[i] ->                                                  /* broker: ack            */
       if :: done
          :: !done && holder==i && token==ak[i] -> assert(!(CHECKS & 64) || ak[i] < 2); done=1; holder=NONE; bt=0; bf=0
          :: !done && !(holder==i && token==ak[i]) && !FENCE ->
               assert(!(CHECKS & 2)); done=1; holder=NONE; bt=0; bf=0
          :: else fi; ak[i]=0; aa[i]=0; verify()
  :: nk[i] ->                                                  /* broker: nak            */
       if :: !done && holder==i && token==nk[i] -> holder=NONE; bt=0; bf=0
          :: !done && !(holder==i && token==nk[i]) && !FENCE && holder!=NONE ->
               assert(!(CHECKS & 2)); holder=NONE; bt=0; bf=0
          :: else fi; nk[i]=0; na[i]=0; verify()
  /* client: an effect on the outside resource: look at the deadline, then (not atomically) act */
  :: EFFECTS && !pz[i] && live[i] && !chk[i] && (!DUE(i) || GATE==0) -> chk[i]=1
  :: !pz[i] && live[i] && chk[i] ->
       if :: RFENCE && lt[i] < hi                               /* refused by the resource */
          :: !(RFENCE && lt[i] < hi) -> assert(!(CHECKS & 8) || lt[i] >= hi); hi=lt[i]
       fi; chk[i]=0
  /* broker: leader change */
  :: FAILOVER && bt > 1 && !fo -> fo=1; bt--
  :: FAILOVER==2 && bt > bg && bg > 0 && !fo -> fo=1; bt=bg
  /* freeze and thaw */
  :: PAUSE && i==0 && live[0] && !pz[0] -> pz[0]=1
  :: PAUSE && i==0 && pz[0] -> pz[0]=0;
       if :: GATE==2 && DUE(0) && !chk[0] -> cancel(0)
          :: GATE==2 && DUE(0) && chk[0] -> 
               /* it was frozen between look and act: the act happens first */
               if :: RFENCE && lt[0] < hi
                  :: !(RFENCE && lt[0] < hi) -> assert(!(CHECKS & 8) || lt[0] >= hi); hi=lt[0]
               fi; cancel(0)
          :: else fi;
       verify()
  :: else -> skip
  fi; i = 0 }
  goto top
}
init { run P() }
