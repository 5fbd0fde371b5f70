CREATE FUNCTION public.facts_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
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
    chain character varying(64) NOT NULL
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
CREATE TABLE public.reads (
    member character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL,
    officer character varying(40) NOT NULL,
    message character varying(40) NOT NULL,
    year integer NOT NULL,
    roles character varying(60) NOT NULL
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
ALTER TABLE ONLY public.bank_exchanges ALTER COLUMN number SET DEFAULT nextval('public.bank_exchanges_number_seq'::regclass);
ALTER TABLE ONLY public.log_head ALTER COLUMN id SET DEFAULT nextval('public.log_head_id_seq'::regclass);
ALTER TABLE ONLY public.relay_cursor ALTER COLUMN id SET DEFAULT nextval('public.relay_cursor_id_seq'::regclass);
INSERT INTO public.alerts VALUES ('callback_again', '71b75075-ef77-4bd4-80b9-d72b1d85eb0f', '71b75075-ef77-4bd4-80b9-d72b1d85eb0f', '3412001', 1405, 'isfahan', 0, '2026-11-28 17:18:11.610426+00', '2026-11-28 17:18:11.610426+00');
INSERT INTO public.attempts VALUES ('71b75075-ef77-4bd4-80b9-d72b1d85eb0f', '3412001', 1405, 'zarinpal', 'S0429574d579aee17b9d1402aa8e70a670c3', 9000000, 'settled', '2026-11-28 17:18:09.755158+00', '2026-11-28 17:18:11.610426+00', '200000001', '502229******5995', '', 0);
INSERT INTO public.bank_exchanges VALUES (1, 'zarinpal', 'unVerified', '', '{"merchant_id": "1111…"}', '200 {"data":{"authorities":[],"code":"100","message":"Success","x_ce7b30":[]},"errors":[]}
', true, '2026-11-28 17:17:44.460611+00');
INSERT INTO public.bank_exchanges VALUES (2, 'zarinpal', 'request', 'S0429574d579aee17b9d1402aa8e70a670c3', '{"merchant_id": "1111…", "amount": 9000000, "currency": "IRR", "description": "حق عضویت سال ۱۴۰۵", "callback_url": "http://127.0.0.1:31248/payment/return?attempt=71b75075-ef77-4bd4-80b9-d72b1d85eb0f", "metadata": {"order_id": "71b75075-ef77-4bd4-80b9-d72b1d85eb0f", "auto_verify": false}}', '200 {"data":{"authority":"S0429574d579aee17b9d1402aa8e70a670c3","code":100,"fee":100,"fee_type":"Merchant","message":"Success","x_f0fa87":[]},"errors":[]}
', true, '2026-11-28 17:18:09.813254+00');
INSERT INTO public.bank_exchanges VALUES (3, 'zarinpal', 'verify', 'S0429574d579aee17b9d1402aa8e70a670c3', '{"merchant_id": "1111…", "authority": "S0429574d579aee17b9d1402aa8e70a670c3", "amount": 9000000}', '200 {"data":{"card_hash":"1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69","card_pan":"502229******5995","code":100,"fee":0,"fee_type":"Merchant","message":"Success","ref_id":"200000001","x_915737":{}},"errors":[]}
', true, '2026-11-28 17:18:11.685068+00');
INSERT INTO public.bank_exchanges VALUES (4, 'zarinpal', 'inquiry', 'S0429574d579aee17b9d1402aa8e70a670c3', '{"merchant_id": "1111…", "authority": "S0429574d579aee17b9d1402aa8e70a670c3"}', '200 {"data":{"code":100,"message":"Success","status":"VERIFIED","x_e233ec":{}},"errors":[]}
', true, '2026-11-28 17:18:13.232947+00');
INSERT INTO public.bank_health VALUES ('zarinpal', 0, NULL, '2026-11-28 17:18:13.232947+00', NULL);
INSERT INTO public.bank_references VALUES ('zarinpal', '200000001', '71b75075-ef77-4bd4-80b9-d72b1d85eb0f');
INSERT INTO public.checkpoints VALUES ('auth', 28, '775c8392cf45b9cf3dca5b17f296ea478b38b86d10c175ac17b8e29e1d685e82');
INSERT INTO public.checkpoints VALUES ('renewal', 3, 'e337962be64397f83d6d6ca6a66be283c3500ca5187d065075f6400d7e1c8370');
INSERT INTO public.checkpoints VALUES ('bank', 1, '1f32678e2cf5cc61ac08257fce3deead2b692152453bb047e572dd1d51682da3');
INSERT INTO public.command_ids VALUES ('8df747df-7a22-4715-a518-92e87a3f1537', '0fe7aa150a2d8f42d3874faf8131636e7fdce127d448c17122f0bdf22fec0506', '2026-11-28 17:18:09.755158+00');
INSERT INTO public.command_ids VALUES ('f82268c4-dda7-4b25-ac52-d2d109e670f2', 'ea2124d6bdad95b5c97c4d85daa31cf70fcfe42868749d0ed71c290ab8d3e6fe', '2026-11-28 17:18:13.357792+00');
INSERT INTO public.events VALUES (1, 'invoice/3412001/1405', 1, 'e4d0cfd9-a54f-5de2-aa52-61f58280e689', 'InvoiceIssued', '{"member":"3412001","year":1405,"province":"isfahan","lines":[{"year":1405,"member_class":"grade_2","amount_rials":9000000}],"entrance_rials":0,"waivers":[],"waived_by":"","waiver_persons":[],"amount_rials":9000000,"covered":[],"issued_at":"2026-11-28T17:18:07.049329Z","payable_until":"2026-12-28T17:18:07.049329Z"}', '{"correlation_id":"fbb54125-8797-4174-bc62-c7a6e1d4c466","causation_id":"80d4f3a9-3312-5a7d-b7f1-9270030ae3ca","actor":"officer:modir","traceparent":""}', '2026-11-28 17:18:07.056199+00');
INSERT INTO public.events VALUES (2, 'invoice/3412001/1405', 2, '40b3cdae-212a-51ec-a593-deca7a0d8ca5', 'PaymentStarted', '{"member":"3412001","year":1405,"attempt":"71b75075-ef77-4bd4-80b9-d72b1d85eb0f","authority":"S0429574d579aee17b9d1402aa8e70a670c3","bank":"zarinpal","amount_rials":9000000,"started_at":"2026-11-28T17:18:09.755158Z"}', '{"correlation_id":"8df747df-7a22-4715-a518-92e87a3f1537","causation_id":"8df747df-7a22-4715-a518-92e87a3f1537","actor":"member:3412001","traceparent":""}', '2026-11-28 17:18:09.854449+00');
INSERT INTO public.events VALUES (3, 'invoice/3412001/1405', 3, '726f8960-4057-575e-8656-41d5ab0faa04', 'PaymentSettled', '{"member":"3412001","year":1405,"province":"isfahan","attempt":"71b75075-ef77-4bd4-80b9-d72b1d85eb0f","authority":"S0429574d579aee17b9d1402aa8e70a670c3","bank":"zarinpal","amount_rials":9000000,"bank_reference":"200000001","card_mask":"502229******5995","settled_at":"2026-11-28T17:18:11.610426Z"}', '{"correlation_id":"95fa9292-1e2c-53c0-b704-c2c4ac92c8ec","causation_id":"95fa9292-1e2c-53c0-b704-c2c4ac92c8ec","actor":"program:payment","traceparent":""}', '2026-11-28 17:18:11.709374+00');
INSERT INTO public.events VALUES (4, 'invoice/3412001/1405', 4, 'f1acd98d-3169-58b7-a769-b865e20c2fc1', 'PaymentConfirmed', '{"member":"3412001","year":1405,"province":"isfahan","amount_rials":9000000,"confirmed_by":"officer:modir","confirmed_at":"2026-11-28T17:18:13.357792Z"}', '{"correlation_id":"f82268c4-dda7-4b25-ac52-d2d109e670f2","causation_id":"f82268c4-dda7-4b25-ac52-d2d109e670f2","actor":"officer:modir","traceparent":""}', '2026-11-28 17:18:13.401589+00');
INSERT INTO public.invoices VALUES ('3412001', 1405, 'isfahan', '[{"year":1405,"member_class":"grade_2","amount_rials":9000000}]', 0, '[]', '', 9000000, 'confirmed', '2026-11-28 17:18:07.049329+00', '2026-12-28 17:18:07.049329+00', NULL, NULL, NULL, 9000000, 0, '2026-11-28 17:18:11.610426+00', '2026-11-28 17:18:13.357792+00', '200000001', '502229******5995');
INSERT INTO public.ledger_entries VALUES (1, '3412001', 1405, 'charge', -9000000, '', '', 'officer:modir', '2026-11-28 17:18:07.056199+00');
INSERT INTO public.ledger_entries VALUES (3, '3412001', 1405, 'payment', 9000000, 'zarinpal', '200000001', 'program:payment', '2026-11-28 17:18:11.709374+00');
INSERT INTO public.log_head VALUES (1, 4);
INSERT INTO public.reads VALUES ('', '2026-11-28 17:10:00+00', 'admin', 'ReadEvents', 0, 'admin');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 17:10:00+00', 'modir', 'EstimateFee', 1405, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 17:10:00+00', 'modir', 'ListPayments', 1405, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 17:10:00+00', 'modir', 'GetInvoices', 0, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 17:10:00+00', 'modir', 'ConfirmPayment', 1405, 'finance manager');
INSERT INTO public.receipts VALUES ('0c701193-03fc-50f4-94e2-82c26e83a4cf', 'isfahan', 1405, 1, '3412001', 1405, 9000000, '200000001', '2026-11-28 17:18:11.610426+00', NULL, 0);
INSERT INTO public.relay_cursor VALUES (1, 4, 'b056e985fc8e03d50c04d5b18af2b317bd918e2f47dfe26d23629ee42654acba');
INSERT INTO public.retention_runs VALUES ('reads', '2026-11-28 17:17:43.17011+00', 0);
INSERT INTO public.retention_runs VALUES ('money_notes', '2026-11-28 17:17:43.17011+00', 0);
INSERT INTO public.retention_runs VALUES ('bank_exchanges', '2026-11-28 17:17:43.17011+00', 0);
INSERT INTO public.retention_runs VALUES ('alerts', '2026-11-28 17:17:43.17011+00', 0);
INSERT INTO public.seals VALUES (1, 'a5ec781a120a077d97fce12af89215bc160d6382b8c9690cbb3c832609106485', 'puXDn3WHMD0rFy7ZSiPqxXfqhEBw94kL4WmfWIr+/RVWi84LQllxGB5jAbHqWZ9sOBR94n1ijTIFq2V0VlZaAw==');
INSERT INTO public.seals VALUES (2, '40e08677f07c64d0fb71ceb56deb4bdeeba89d13c48084550fbdf35482c70b9e', 'unxBwl6G3KlTNDQNcOJHDKBm4SDHdxzxNgcygZvxhVMHwUwGEVzeP/beBpnPLz+K5QylTMloNvdqPPBtWPMaBA==');
INSERT INTO public.seals VALUES (3, 'ad0da6b646cb70a7a694b0f095d4bd9cf7125dbe64521e5ef8740321bff8fce0', 'on2xM1gedQrCT06+ytvFhIvV2WFKE0Bl9CfVEJ+eiCb7/wHSdTIOX2LgjQ2p2lpPsVPASw8vUwiugonKWgxzDQ==');
INSERT INTO public.seals VALUES (4, 'b056e985fc8e03d50c04d5b18af2b317bd918e2f47dfe26d23629ee42654acba', 'ZQLv8YlLt/QLk8JNdAnfHrVq1W2V+3TAmGiElGUimX3X3qMsF5je7cYXutq15nOXY10/wnQ7P8OfRbOd1si8CQ==');
INSERT INTO public.timers VALUES ('sweep', 'zarinpal', '', '', '2026-11-28 17:19:43.994892+00', 1);
SELECT pg_catalog.setval('public.bank_exchanges_number_seq', 4, true);
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.relay_cursor_id_seq', 1, false);
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
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (member, year);
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
ALTER TABLE ONLY public.parked_events
    ADD CONSTRAINT parked_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.reads
    ADD CONSTRAINT reads_pkey PRIMARY KEY (member, at, officer, message, year);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (token);
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
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
CREATE INDEX receipts_of_invoice ON public.receipts USING btree (member, invoice_year);
CREATE INDEX statement_lines_of_day ON public.statement_lines USING btree (bank, paid_at);
CREATE INDEX statement_lines_of_session ON public.statement_lines USING btree (authority);
CREATE INDEX timers_due ON public.timers USING btree (kind, owner, due_at);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.facts_stay();
