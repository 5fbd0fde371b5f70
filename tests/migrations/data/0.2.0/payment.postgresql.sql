CREATE FUNCTION public.facts_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alerts (
    kind character varying(30) NOT NULL,
    subject character varying(40) NOT NULL,
    attempt uuid,
    member character varying(12) NOT NULL,
    year integer,
    province character varying(20) NOT NULL,
    times integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.attempts (
    attempt uuid NOT NULL,
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    bank character varying(20) NOT NULL,
    authority character varying(40) NOT NULL,
    amount_rials bigint NOT NULL,
    status character varying(10) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    bank_reference character varying(100) NOT NULL,
    card_mask character varying(100) NOT NULL,
    cause character varying(60) NOT NULL,
    refunded_rials bigint NOT NULL
);
CREATE TABLE public.bank_exchanges (
    number integer NOT NULL,
    bank character varying(20) NOT NULL,
    query character varying(30) NOT NULL,
    authority character varying(40) NOT NULL,
    request text NOT NULL,
    answer text NOT NULL,
    is_usable boolean NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.bank_exchanges_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.bank_exchanges_number_seq OWNED BY public.bank_exchanges.number;
CREATE TABLE public.bank_health (
    bank character varying(20) NOT NULL,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    answered_at timestamp with time zone,
    down_since timestamp with time zone
);
CREATE TABLE public.bank_references (
    bank character varying(20) NOT NULL,
    reference character varying(100) NOT NULL,
    attempt uuid NOT NULL
);
CREATE TABLE public.checkpoints (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL,
    epoch character varying(36) DEFAULT ''::character varying NOT NULL,
    event_id uuid,
    projections_version integer DEFAULT 1 NOT NULL
);
CREATE TABLE public.closed_days (
    bank character varying(20) NOT NULL,
    "on" date NOT NULL,
    closed_by character varying(60) NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    reopened_by character varying(60) NOT NULL,
    reopened_at timestamp with time zone
);
CREATE TABLE public.command_ids (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.covered_years (
    member character varying(12) NOT NULL,
    for_year integer NOT NULL,
    year integer NOT NULL,
    by character varying(10) NOT NULL,
    invoice_year integer
);
CREATE TABLE public.credits (
    "position" bigint NOT NULL,
    member character varying(12) NOT NULL,
    from_year integer NOT NULL,
    to_year integer NOT NULL,
    attempt uuid,
    amount_rials bigint NOT NULL
);
CREATE TABLE public.dropped_events (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    partition_key character varying(120) NOT NULL,
    error text NOT NULL,
    reason text NOT NULL,
    dropped_by character varying(60) NOT NULL,
    dropped_at timestamp with time zone NOT NULL
);
CREATE TABLE public.erasures (
    member character varying(12) NOT NULL,
    erased_at timestamp with time zone NOT NULL,
    rows text NOT NULL,
    is_overwritten boolean NOT NULL
);
CREATE TABLE public.event_types (
    type character varying(60) NOT NULL,
    schema_version integer NOT NULL,
    after bigint NOT NULL
);
CREATE TABLE public.events (
    "position" bigint NOT NULL,
    stream character varying(120) NOT NULL,
    version integer NOT NULL,
    event_id uuid NOT NULL,
    type character varying(60) NOT NULL,
    data text NOT NULL,
    metadata text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);
CREATE TABLE public.former_epochs (
    number integer NOT NULL,
    epoch character varying(36) NOT NULL,
    began_at bigint NOT NULL
);
CREATE TABLE public.invoices (
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    province character varying(20) NOT NULL,
    lines text NOT NULL,
    entrance_rials bigint NOT NULL,
    waivers text NOT NULL,
    waived_by character varying(60) NOT NULL,
    amount_rials bigint NOT NULL,
    status character varying(10) NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    payable_until timestamp with time zone NOT NULL,
    replaced_by_year integer,
    reversed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    received_rials bigint NOT NULL,
    written_off_rials bigint NOT NULL,
    settled_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    bank_reference character varying(100) NOT NULL,
    card_mask character varying(100) NOT NULL
);
CREATE TABLE public.late_events (
    version integer NOT NULL,
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    digest character varying(64) NOT NULL
);
CREATE TABLE public.ledger_entries (
    "position" bigint NOT NULL,
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    kind character varying(12) NOT NULL,
    amount_rials bigint NOT NULL,
    bank character varying(20) NOT NULL,
    reference character varying(100) NOT NULL,
    by character varying(60) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.log_head (
    id integer NOT NULL,
    "position" bigint NOT NULL,
    epoch character varying(36) DEFAULT ''::character varying NOT NULL,
    epoch_began_at bigint DEFAULT '0'::bigint NOT NULL,
    projections_version integer DEFAULT 1 NOT NULL,
    CONSTRAINT log_head_id_check CHECK ((id = 1))
);
CREATE SEQUENCE public.log_head_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.log_head_id_seq OWNED BY public.log_head.id;
CREATE TABLE public.money_tasks (
    task uuid NOT NULL,
    kind character varying(30) NOT NULL,
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    province character varying(20) NOT NULL,
    attempt uuid,
    amount_rials bigint NOT NULL,
    cause character varying(60) NOT NULL,
    requested_by character varying(60) NOT NULL,
    granted_by character varying(60) NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE TABLE public.notes (
    note uuid NOT NULL,
    member character varying(12) NOT NULL,
    text text NOT NULL,
    written_at timestamp with time zone NOT NULL
);
CREATE TABLE public.orphaned_events (
    "position" bigint NOT NULL,
    stream character varying(120) NOT NULL,
    type character varying(60) NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    correlation_id uuid NOT NULL,
    source character varying(40) NOT NULL,
    cause uuid NOT NULL,
    found_by character varying(60) NOT NULL,
    found_at timestamp with time zone NOT NULL,
    settled_by character varying(60) DEFAULT ''::character varying NOT NULL,
    settled_at timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.parked_events (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    partition_key character varying(120) NOT NULL,
    type character varying(60) NOT NULL,
    error text NOT NULL,
    attempts integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    digest character varying(64) NOT NULL
);
CREATE TABLE public.projection_versions (
    version integer NOT NULL,
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL
);
CREATE TABLE public.reads (
    member character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    officer character varying(40) NOT NULL,
    message character varying(40) NOT NULL,
    year integer NOT NULL,
    roles character varying(60) NOT NULL
);
CREATE TABLE public.rebuilds (
    rebuild uuid NOT NULL,
    "check" boolean NOT NULL,
    started_by character varying(60) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    reported_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    status character varying(20) NOT NULL,
    phase character varying(20) NOT NULL,
    done integer NOT NULL,
    total integer NOT NULL,
    events integer NOT NULL,
    differences text NOT NULL,
    first_differences text NOT NULL,
    is_cancelled boolean NOT NULL,
    error text NOT NULL
);
CREATE TABLE public.receipts (
    token uuid NOT NULL,
    province character varying(20) NOT NULL,
    series_year integer NOT NULL,
    number integer NOT NULL,
    member character varying(12) NOT NULL,
    invoice_year integer NOT NULL,
    amount_rials bigint NOT NULL,
    bank_reference character varying(100) NOT NULL,
    paid_at timestamp with time zone NOT NULL,
    reversed_at timestamp with time zone,
    refunded_rials bigint NOT NULL
);
CREATE TABLE public.reconciliations (
    source character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    by character varying(60) NOT NULL,
    from_position bigint NOT NULL,
    from_epoch character varying(36) NOT NULL,
    to_position bigint NOT NULL,
    to_epoch character varying(36) NOT NULL
);
CREATE TABLE public.relay_cursor (
    id integer NOT NULL,
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL,
    CONSTRAINT relay_cursor_id_check CHECK ((id = 1))
);
CREATE SEQUENCE public.relay_cursor_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.relay_cursor_id_seq OWNED BY public.relay_cursor.id;
CREATE TABLE public.retention_runs (
    kind character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    deleted integer NOT NULL
);
CREATE TABLE public.seals (
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL,
    signature character varying(88) NOT NULL
);
CREATE TABLE public.statement_disputes (
    statement character varying(64) NOT NULL,
    authority character varying(40) NOT NULL
);
CREATE TABLE public.statement_lines (
    statement character varying(64) NOT NULL,
    line integer NOT NULL,
    bank character varying(20) NOT NULL,
    authority character varying(40) NOT NULL,
    amount_rials bigint NOT NULL,
    fee_rials bigint NOT NULL,
    bank_reference character varying(100) NOT NULL,
    status character varying(10) NOT NULL,
    paid_at timestamp with time zone NOT NULL,
    settlement character varying(60) NOT NULL
);
CREATE TABLE public.statements (
    statement character varying(64) NOT NULL,
    bank character varying(20) NOT NULL,
    lines integer NOT NULL,
    total_rials bigint NOT NULL,
    opened_by character varying(60) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    counted_by character varying(60) NOT NULL,
    counted_at timestamp with time zone,
    is_correction boolean NOT NULL,
    corrects character varying(64) NOT NULL,
    corrected_by character varying(64) NOT NULL
);
CREATE TABLE public.timers (
    kind character varying(20) NOT NULL,
    key character varying(60) NOT NULL,
    owner character varying(20) NOT NULL,
    payload text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    tries integer NOT NULL
);
CREATE TABLE public.unknown_events (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    type character varying(60) NOT NULL,
    schema_version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    digest character varying(64) NOT NULL
);
ALTER TABLE ONLY public.bank_exchanges ALTER COLUMN number SET DEFAULT nextval('public.bank_exchanges_number_seq'::regclass);
ALTER TABLE ONLY public.log_head ALTER COLUMN id SET DEFAULT nextval('public.log_head_id_seq'::regclass);
ALTER TABLE ONLY public.relay_cursor ALTER COLUMN id SET DEFAULT nextval('public.relay_cursor_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0002_from_0001');
INSERT INTO public.alerts VALUES ('callback_again', 'a1b4fab4-5a30-438b-8953-c0f493d3ce9e', 'a1b4fab4-5a30-438b-8953-c0f493d3ce9e', '3412001', 1405, 'isfahan', 0, '2026-11-28 23:47:31.288303+00', '2026-11-28 23:47:31.288303+00');
INSERT INTO public.attempts VALUES ('a1b4fab4-5a30-438b-8953-c0f493d3ce9e', '3412001', 1405, 'zarinpal', 'S07baf3974c196f939791001b228a5075038', 9000000, 'settled', '2026-11-28 23:47:30.515156+00', '2026-11-28 23:47:31.288303+00', '200000001', '502229******5995', '', 0);
INSERT INTO public.bank_exchanges VALUES (1, 'zarinpal', 'unVerified', '', '{"merchant_id": "1111…"}', '200 {"data":{"authorities":[],"code":"100","message":"Success","x_0fa0a3":[]},"errors":[]}
', true, '2026-11-28 23:47:17.196902+00');
INSERT INTO public.bank_exchanges VALUES (2, 'zarinpal', 'request', 'S07baf3974c196f939791001b228a5075038', '{"merchant_id": "1111…", "amount": 9000000, "currency": "IRR", "description": "حق عضویت سال ۱۴۰۵", "callback_url": "http://127.0.0.1:17982/payment/return?attempt=a1b4fab4-5a30-438b-8953-c0f493d3ce9e", "metadata": {"order_id": "a1b4fab4-5a30-438b-8953-c0f493d3ce9e", "auto_verify": false}}', '200 {"data":{"authority":"S07baf3974c196f939791001b228a5075038","code":100,"fee":100,"fee_type":"Merchant","message":"Success","x_1b4db1":1},"errors":[]}
', true, '2026-11-28 23:47:30.555833+00');
INSERT INTO public.bank_exchanges VALUES (3, 'zarinpal', 'verify', 'S07baf3974c196f939791001b228a5075038', '{"merchant_id": "1111…", "authority": "S07baf3974c196f939791001b228a5075038", "amount": 9000000}', '200 {"data":{"card_hash":"1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69","card_pan":"502229******5995","code":100,"fee":0,"fee_type":"Merchant","message":"Success","ref_id":"200000001","x_8b00ae":[]},"errors":[]}
', true, '2026-11-28 23:47:31.362625+00');
INSERT INTO public.bank_exchanges VALUES (4, 'zarinpal', 'inquiry', 'S07baf3974c196f939791001b228a5075038', '{"merchant_id": "1111…", "authority": "S07baf3974c196f939791001b228a5075038"}', '200 {"data":{"code":100,"message":"Success","status":"VERIFIED","x_6788da":[]},"errors":[]}
', true, '2026-11-28 23:47:31.749663+00');
INSERT INTO public.bank_health VALUES ('zarinpal', 0, NULL, '2026-11-28 23:47:31.749663+00', NULL);
INSERT INTO public.bank_references VALUES ('zarinpal', '200000001', 'a1b4fab4-5a30-438b-8953-c0f493d3ce9e');
INSERT INTO public.checkpoints VALUES ('auth', 28, 'a3f9504500c3a554de54e959eecf56a8fda8f264859d7fa6c4273151ee45c0c2', '0cca7ed5-c7ef-4687-b2f6-2859acdec9b5', '186a4d9c-e9c0-52a2-812c-9de4fbc8a131', 1);
INSERT INTO public.checkpoints VALUES ('renewal', 3, '9b5ac2c10870b95819f062c87a09ebfb37603d4816f9ae0cfcfa71d746feb49f', '730e6699-cdd7-49a1-b0a0-2f07b71d3a97', '1d709efa-ca42-579d-961d-8a345ea65cb1', 1);
INSERT INTO public.checkpoints VALUES ('bank', 1, 'b6e987b3003abd7033e2ab30f32ad78c961e6970b6276ada6c72dee89a7b283d', 'e45c215b-3892-454a-ac19-8c37b90b48dd', 'd61250bd-eba0-5aed-a36f-4194e95ab30a', 1);
INSERT INTO public.command_ids VALUES ('35141521-68ab-475c-831a-d12c81240af7', '0fe7aa150a2d8f42d3874faf8131636e7fdce127d448c17122f0bdf22fec0506', '2026-11-28 23:47:30.515156+00');
INSERT INTO public.command_ids VALUES ('ee44d562-fabc-46fd-a3c4-34e48f9d7fd1', 'ea2124d6bdad95b5c97c4d85daa31cf70fcfe42868749d0ed71c290ab8d3e6fe', '2026-11-28 23:47:32.769486+00');
INSERT INTO public.event_types VALUES ('BankOutageBegan', 1, 0);
INSERT INTO public.event_types VALUES ('BankOutageEnded', 1, 0);
INSERT INTO public.event_types VALUES ('ConfirmationWithdrawn', 1, 0);
INSERT INTO public.event_types VALUES ('CreditCounted', 1, 0);
INSERT INTO public.event_types VALUES ('CreditReturned', 1, 0);
INSERT INTO public.event_types VALUES ('CreditTaken', 1, 0);
INSERT INTO public.event_types VALUES ('CreditWithdrawn', 1, 0);
INSERT INTO public.event_types VALUES ('DayClosed', 1, 0);
INSERT INTO public.event_types VALUES ('DayReopened', 1, 0);
INSERT INTO public.event_types VALUES ('DuplicatePaymentFound', 1, 0);
INSERT INTO public.event_types VALUES ('InvoiceCancelled', 1, 0);
INSERT INTO public.event_types VALUES ('InvoiceExtended', 1, 0);
INSERT INTO public.event_types VALUES ('InvoiceIssued', 2, 0);
INSERT INTO public.event_types VALUES ('InvoiceReplaced', 1, 0);
INSERT INTO public.event_types VALUES ('ManualPaymentGranted', 1, 0);
INSERT INTO public.event_types VALUES ('ManualPaymentRequested', 1, 0);
INSERT INTO public.event_types VALUES ('PaymentConfirmed', 1, 0);
INSERT INTO public.event_types VALUES ('PaymentFailed', 1, 0);
INSERT INTO public.event_types VALUES ('PaymentHeld', 1, 0);
INSERT INTO public.event_types VALUES ('PaymentReversed', 1, 0);
INSERT INTO public.event_types VALUES ('PaymentSettled', 1, 0);
INSERT INTO public.event_types VALUES ('PaymentStarted', 1, 0);
INSERT INTO public.event_types VALUES ('RefundDue', 1, 0);
INSERT INTO public.event_types VALUES ('RefundGranted', 1, 0);
INSERT INTO public.event_types VALUES ('RefundPaid', 1, 0);
INSERT INTO public.event_types VALUES ('RefundRequested', 1, 0);
INSERT INTO public.event_types VALUES ('RequestDeclined', 1, 0);
INSERT INTO public.event_types VALUES ('StatementCounted', 1, 0);
INSERT INTO public.event_types VALUES ('WriteOffGranted', 1, 0);
INSERT INTO public.event_types VALUES ('WriteOffRequested', 1, 0);
INSERT INTO public.events VALUES (1, 'invoice/3412001/1405', 1, '2f52f077-4b39-5739-a99f-707c8f3fba51', 'InvoiceIssued', '{"member":"3412001","year":1405,"province":"isfahan","lines":[{"year":1405,"member_class":"grade_2","amount_rials":9000000}],"entrance_rials":0,"waivers":[],"waived_by":"","waiver_persons":[],"amount_rials":9000000,"covered":[],"issued_at":"2026-11-28T23:47:29.741408Z","payable_until":"2026-12-28T23:47:29.741408Z","schema_version":2}', '{"correlation_id":"08dbad4b-f262-4d06-aef3-2c3d56fd6a30","causation_id":"1d709efa-ca42-579d-961d-8a345ea65cb1","actor":"officer:modir","traceparent":""}', '2026-11-28 23:47:29.749941+00');
INSERT INTO public.events VALUES (2, 'invoice/3412001/1405', 2, 'a5501dff-0a49-53e3-9817-026e3f770cc9', 'PaymentStarted', '{"member":"3412001","year":1405,"attempt":"a1b4fab4-5a30-438b-8953-c0f493d3ce9e","authority":"S07baf3974c196f939791001b228a5075038","bank":"zarinpal","amount_rials":9000000,"started_at":"2026-11-28T23:47:30.515156Z"}', '{"correlation_id":"35141521-68ab-475c-831a-d12c81240af7","causation_id":"35141521-68ab-475c-831a-d12c81240af7","actor":"member:3412001","traceparent":""}', '2026-11-28 23:47:30.577218+00');
INSERT INTO public.events VALUES (3, 'invoice/3412001/1405', 3, 'f8f6b2e0-df4c-5d19-81ab-9f4cc1774674', 'PaymentSettled', '{"member":"3412001","year":1405,"province":"isfahan","attempt":"a1b4fab4-5a30-438b-8953-c0f493d3ce9e","authority":"S07baf3974c196f939791001b228a5075038","bank":"zarinpal","amount_rials":9000000,"bank_reference":"200000001","card_mask":"502229******5995","settled_at":"2026-11-28T23:47:31.288303Z"}', '{"correlation_id":"198e6936-508c-548a-a8a3-7c794c115003","causation_id":"198e6936-508c-548a-a8a3-7c794c115003","actor":"program:payment","traceparent":""}', '2026-11-28 23:47:31.42002+00');
INSERT INTO public.events VALUES (4, 'invoice/3412001/1405', 4, '658c544d-a077-55fb-b5bc-b8924fa6c2ef', 'PaymentConfirmed', '{"member":"3412001","year":1405,"province":"isfahan","amount_rials":9000000,"confirmed_by":"officer:modir","confirmed_at":"2026-11-28T23:47:32.769486Z"}', '{"correlation_id":"ee44d562-fabc-46fd-a3c4-34e48f9d7fd1","causation_id":"ee44d562-fabc-46fd-a3c4-34e48f9d7fd1","actor":"officer:modir","traceparent":""}', '2026-11-28 23:47:32.806872+00');
INSERT INTO public.invoices VALUES ('3412001', 1405, 'isfahan', '[{"year":1405,"member_class":"grade_2","amount_rials":9000000}]', 0, '[]', '', 9000000, 'confirmed', '2026-11-28 23:47:29.741408+00', '2026-12-28 23:47:29.741408+00', NULL, NULL, NULL, 9000000, 0, '2026-11-28 23:47:31.288303+00', '2026-11-28 23:47:32.769486+00', '200000001', '502229******5995');
INSERT INTO public.ledger_entries VALUES (1, '3412001', 1405, 'charge', -9000000, '', '', 'officer:modir', '2026-11-28 23:47:29.749941+00');
INSERT INTO public.ledger_entries VALUES (3, '3412001', 1405, 'payment', 9000000, 'zarinpal', '200000001', 'program:payment', '2026-11-28 23:47:31.42002+00');
INSERT INTO public.log_head VALUES (1, 4, 'f23e0be5-d58d-4686-b4be-0589a5a3be1e', 0, 1);
INSERT INTO public.projection_versions VALUES (1, 'payment', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.reads VALUES ('', '2026-11-28 23:40:00+00', 'admin', 'ReadEvents', 0, 'admin');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'EstimateFee', 1405, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'ListPayments', 1405, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'GetInvoices', 0, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'ConfirmPayment', 1405, 'finance manager');
INSERT INTO public.receipts VALUES ('8dbff128-5a09-5354-9305-91ae1438dedc', 'isfahan', 1405, 1, '3412001', 1405, 9000000, '200000001', '2026-11-28 23:47:31.288303+00', NULL, 0);
INSERT INTO public.relay_cursor VALUES (1, 4, '46903face46a1064b48a4d4e5b992dd6735acf30040667899b00b5af81f6184e');
INSERT INTO public.retention_runs VALUES ('reads', '2026-11-28 23:47:16.720603+00', 0);
INSERT INTO public.retention_runs VALUES ('money_notes', '2026-11-28 23:47:16.720603+00', 0);
INSERT INTO public.retention_runs VALUES ('bank_exchanges', '2026-11-28 23:47:16.720603+00', 0);
INSERT INTO public.retention_runs VALUES ('alerts', '2026-11-28 23:47:16.720603+00', 0);
INSERT INTO public.seals VALUES (1, 'e57e2145b2a6818cc68f5c02d7a572adb652f24092805c335e8fd82cf56fc04a', 'EvfqSmFTyE35tqpOLXWcIVxArzVDdQo2JEWeiwtvmH8Js0rfQhgRj4ysjgw50nHm/kLz17/IgsUXbUt6sPOEBg==');
INSERT INTO public.seals VALUES (2, '81f398f559a62dc63dea39bf7d04b4ec32d6fb47c18720043489cda820bf0214', 'f+qTU2ZtK2CJj2Fu1SyBzIB4EbsgpOkqc4yWN8MrUD6b3JVpnaoa/HorzfzYlqE65zrGltWQZJGLr1TkNR0zBA==');
INSERT INTO public.seals VALUES (3, 'deeebe6516d6fbed3910c1c0d39c3837d010759873d0850cf38486573180ad7d', 'agYO/NrJgr0gVbk9qkCIUzvhKQ+swCQgwUtFoOCOGRboiVhyi+j+duBCT3fKX+vSmqAw6gqaKyABbwBPVYbYCQ==');
INSERT INTO public.seals VALUES (4, '46903face46a1064b48a4d4e5b992dd6735acf30040667899b00b5af81f6184e', 'tYrqEReG+Sj0hPKaeIdDPOqCdcG01O4xXtFRLG+QwUrl34LT4JVjXR4YJjx8OaedgR+MSMuRx4csE28e2N7+Dw==');
INSERT INTO public.timers VALUES ('sweep', 'zarinpal', '', '', '2026-11-28 23:49:17.00916+00', 1);
SELECT pg_catalog.setval('public.bank_exchanges_number_seq', 4, true);
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.relay_cursor_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT alerts_pkey PRIMARY KEY (kind, subject);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (attempt);
ALTER TABLE ONLY public.bank_exchanges
    ADD CONSTRAINT bank_exchanges_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.bank_health
    ADD CONSTRAINT bank_health_pkey PRIMARY KEY (bank);
ALTER TABLE ONLY public.bank_references
    ADD CONSTRAINT bank_references_pkey PRIMARY KEY (bank, reference);
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (source);
ALTER TABLE ONLY public.closed_days
    ADD CONSTRAINT closed_days_pkey PRIMARY KEY (bank, "on");
ALTER TABLE ONLY public.command_ids
    ADD CONSTRAINT command_ids_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.covered_years
    ADD CONSTRAINT covered_years_pkey PRIMARY KEY (member, for_year, year);
ALTER TABLE ONLY public.credits
    ADD CONSTRAINT credits_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.dropped_events
    ADD CONSTRAINT dropped_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (member);
ALTER TABLE ONLY public.event_types
    ADD CONSTRAINT event_types_pkey PRIMARY KEY (type, schema_version);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.former_epochs
    ADD CONSTRAINT former_epochs_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (member, year);
ALTER TABLE ONLY public.late_events
    ADD CONSTRAINT late_events_pkey PRIMARY KEY (version, source, "position");
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT ledger_entries_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.money_tasks
    ADD CONSTRAINT money_tasks_pkey PRIMARY KEY (task);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (note);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT one_authority_once UNIQUE (bank, authority);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT one_cause_once UNIQUE (stream, event_id);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT one_number_once UNIQUE (province, series_year, number);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT one_version_once UNIQUE (stream, version);
ALTER TABLE ONLY public.orphaned_events
    ADD CONSTRAINT orphaned_events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.parked_events
    ADD CONSTRAINT parked_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.projection_versions
    ADD CONSTRAINT projection_versions_pkey PRIMARY KEY (version, source);
ALTER TABLE ONLY public.reads
    ADD CONSTRAINT reads_pkey PRIMARY KEY (member, at, officer, message, year);
ALTER TABLE ONLY public.rebuilds
    ADD CONSTRAINT rebuilds_pkey PRIMARY KEY (rebuild);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (token);
ALTER TABLE ONLY public.reconciliations
    ADD CONSTRAINT reconciliations_pkey PRIMARY KEY (source, at);
ALTER TABLE ONLY public.relay_cursor
    ADD CONSTRAINT relay_cursor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.retention_runs
    ADD CONSTRAINT retention_runs_pkey PRIMARY KEY (kind, at);
ALTER TABLE ONLY public.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.statement_disputes
    ADD CONSTRAINT statement_disputes_pkey PRIMARY KEY (statement, authority);
ALTER TABLE ONLY public.statement_lines
    ADD CONSTRAINT statement_lines_pkey PRIMARY KEY (statement, line);
ALTER TABLE ONLY public.statements
    ADD CONSTRAINT statements_pkey PRIMARY KEY (statement);
ALTER TABLE ONLY public.timers
    ADD CONSTRAINT timers_pkey PRIMARY KEY (kind, key);
ALTER TABLE ONLY public.unknown_events
    ADD CONSTRAINT unknown_events_pkey PRIMARY KEY (source, "position");
CREATE INDEX alerts_by_time ON public.alerts USING btree (last_at);
CREATE INDEX attempts_of_invoice ON public.attempts USING btree (member, year);
CREATE INDEX credits_of_member ON public.credits USING btree (member, to_year);
CREATE INDEX invoices_of_province ON public.invoices USING btree (province, status, settled_at);
CREATE INDEX ix_bank_exchanges_at ON public.bank_exchanges USING btree (at);
CREATE INDEX ix_bank_exchanges_authority ON public.bank_exchanges USING btree (authority);
CREATE INDEX ix_notes_member ON public.notes USING btree (member);
CREATE INDEX ix_notes_written_at ON public.notes USING btree (written_at);
CREATE INDEX ledger_of_member ON public.ledger_entries USING btree (member, "position");
CREATE INDEX money_tasks_of_province ON public.money_tasks USING btree (province, since);
CREATE UNIQUE INDEX one_rebuild_runs ON public.rebuilds USING btree (status) WHERE ((status)::text = 'running'::text);
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
CREATE INDEX receipts_of_invoice ON public.receipts USING btree (member, invoice_year);
CREATE INDEX statement_lines_of_day ON public.statement_lines USING btree (bank, paid_at);
CREATE INDEX statement_lines_of_session ON public.statement_lines USING btree (authority);
CREATE INDEX timers_due ON public.timers USING btree (kind, owner, due_at);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.facts_stay();
