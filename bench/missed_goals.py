"""What was found about the goals that are missed: what dominates, by the profiles, and what was tried."""

from collections.abc import Mapping

MISSES: Mapping[str, str] = {
    "1": """By the profile four fifths of an append are the driver's wait for the server, a sixteenth is our own work (the event as JSON,
its id from its cause, its place in a transaction that others may share), SQLAlchemy's begin and commit a thirtieth. The rest is
psycopg's. Tried and kept: the counter and the event in one statement that needs neither BEGIN nor COMMIT; plain parameters for a single
event in the place of arrays (a third less CPU). The cheaper the machine's fsync is, the larger is the distance.""",
    "2": """One process and its interpreter stand against sixteen that share both cores: where fsync is cheap, the one interpreter decides.
By the profile seven tenths of its time it waits for the server, a tenth goes into the binary arrays of a group, a ninth is
the events themselves (objects, JSON, ids). Under load the hub's turn comes later, and the groups grow. Since copies of two versions may run side by side,
an append's statement also makes sure that the counter is free and that no other version of the projections has written last: in one sitting
on one machine, the commit of 22 November (6772b27e) had 1.23 here and 0.77 in the first row of goal 1, and 82d6b881 1.09 and 0.70. The rest but a start (goal 13) was within the noise of two
runs, or better (renewals).""",
    "3": """By the profile seven tenths of the time are the server's own insert into a table with three unique indexes, and a sixth is
ours (half of that the ids). The raw driver, which does no more than that insert, reaches about twice the library's rate here (its row in
the table below): four times is beyond what this server takes from one connection.""",
    "4": """The library comes near the raw driver here (both rows in the table below), so that a multiple of it is beyond any program that
writes such rows durably. By the profile, at one event a commit, seven tenths of the time are the flush to the disk; at a hundred a commit
the flush is two fifths to a half, ids a seventh, the insert itself and JSON a twentieth each. Tried and kept: BEGIN past SQLAlchemy (it cost ten
times the statement), what ids have in common hashed once (a sixth less CPU), rows made once, as the driver takes them.""",
    "5": """By the profile nearly half of the CPU is py-amqp's making of frames, a sixth the turn (the cursor's row and reading the log), a
fifteenth the message's JSON. Tried and kept: frames gathered into few writes, JSON from the log's text without parsing it, a cursor whose
commit does not wait for the disk.""",
    "6": """By the profile three fifths of the time are taking deliveries (py-amqp parses three frames a message), a quarter is the transaction, a
twelfth the envelope. Tried and kept: reading all that is at the socket at once (it was asked nine times a message), a batch's rows
by COPY or one executemany instead of a statement each, the next batch on its way while one is applied.""",
    "7": """The raw side folds plain dicts into one row a member. A rebuild leaves seven: the facts, from which any question as of any moment is
answered, the lines of the ledger, each with its rule and the event behind it, and the summary; then it holds all of them against the
live rows and switches. By the profile, reading the logs is a quarter of the time (half of that making the events' objects), deriving and writing
three fifths (the fold itself a fifth of all, facts read as their classes an eighth, COPY or executemany a seventh), comparing a twelfth: some eighty
function calls an event, and that is Python's pace. Kept from before: COPY, facts read past SQLAlchemy, each member's objects gone before the
next one's (the garbage collector took a third), indexes made when the rows are there. Not tried: a process for each core.""",
    "8": """Without its database the command takes less time than nameko's echo alone (measured with the handling left out: 2.2 ms against 2.9 ms
on a loaded machine). What comes on top are round trips: BEGIN, the stream, the append and COMMIT stand against the one statement of the raw
append, and each of them is a wait in eventlet's hub, in Python and behind whatever else is due. Tried and kept: verified passports
are remembered (a third of a millisecond), one event is appended without arrays. Tried and left: turning the relay off, which changed nothing
that could be told from noise. Not done: leaving BEGIN and COMMIT out, which would help only a service without views.""",
    "9": """What is waited for is the CPU: the relay's turn, the broker, the subscription's turn and two commits, beside all other programs on the same cores.
The relay waits two milliseconds for what else is committed, so that the command's own answer goes out first; a subscription takes what is there.""",
    "10": """A renewal is six commands, eight events, their subscriptions, up to four notices, and the sandbox bank's API and page over HTTP: by one
sitting's count about 150 transactions and 460 statements for a renewal that shares no commit, a third of both notification's. Two cores leave 50 ms
for 40 a second, and RabbitMQ and PostgreSQL need theirs. By the profile (`make profile`) SQLAlchemy has a quarter, most of it for statements that
notification and capacity put together each time; writing transactions have three tenths, the sender of notices a fifth, subscriptions a fifth, commands
a sixth, HTTP and the sandbox a ninth, the relays a fourteenth. Tried and kept: the engine's statements and those of renewal and payment compiled once
and run by the driver, connections that read kept open, relays woken by appends alone, answers within the command's transaction, which together
halved the CPU (192 to 102 ms of a loaded machine, interleaved); BEGIN past SQLAlchemy, no flush for the cursors of relays, capacity's events in batches, passports verified once. Tried and left: the garbage
collector's thresholds, without a difference. The next step is the same for the statements of notification and capacity.""",
    "11": """An append touches three unique indexes. By position it only ever writes at the end; by stream it writes where a random id leads,
and once that index no longer fits into the server's shared buffers (128 MB here), its pages come from the system's cache. Event ids stand
behind their stream in the index, so that they need no other page.""",
    "12": """Twenty sign-ins a second need more than both cores: a hash takes about a seventh of a second of one. They run in two native threads
that give way to the hub, and whoever comes when sixteen wait is refused at once. What is left is the memory's bandwidth, and the time slice that
a thread which gives way still has when a page comes.""",
    "13": """The first start takes about three seconds, and by `-X importtime` most of it is imports: eventlet with its resolver, SQLAlchemy,
the contract's pydantic classes, the gateway (a sixteenth of a second each and more). Keys, databases, their
migrations and the demonstration's register are the rest: eight Argon2 hashes are an eighth of a first start, the holidays' library, which loads all countries, a fifteenth. Since the goal was met the notification service, its sender, the phone, Alembic, metrics
and OpenTelemetry's API have come: a standalone instance holds them all, beside its own broker and bank. Tried and kept: the library
for PDF files loaded with the first PDF, no command line of httpx, certificate authorities read once (21 MB less). Tried and left: contract classes whose schemas are built when they are first
used, a tenth of a second and 4 MB. What it would take is a first start that does without Alembic (8 MB) and without the holidays (11 MB).""",
    "19": """The profile is flat: by py-spy, of the interpreter's time a quarter is the views, half of that their templates; a quarter the methods that are
called, of which SQLAlchemy has a third; a fifth nameko and the broker in memory; a tenth transactions that write, a twentieth sealing and signing. Two
Argon2 hashes are a tenth of all, and are meant to be. Tried and kept: statements of sessions, declarations and drafts made once, one hash at a first
sign-in, kombu's pool, method and signature found once, which together left three quarters of the CPU. Tried and left: passports for queries kept for a
minute (an eighth less), since a session that had run out or was ended elsewhere went on reading for as long. What it would take is fewer calls: the form's pages ask for the whole renewal at each save, the member's own page asks six services' methods, and each is a message there and back.""",
}
"""By goal."""
