CREATE FUNCTION public.facts_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.checkpoints (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL,
    epoch character varying(36) DEFAULT ''::character varying NOT NULL,
    event_id uuid,
    projections_version integer DEFAULT 1 NOT NULL
);
CREATE TABLE public.command_ids (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL
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
CREATE TABLE public.late_events (
    version integer NOT NULL,
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    digest character varying(64) NOT NULL
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
CREATE TABLE public.sandbox_faults (
    name character varying(30) NOT NULL,
    value integer NOT NULL
);
CREATE TABLE public.sandbox_sales (
    order_id bigint NOT NULL,
    ref character varying(21) NOT NULL,
    reference bigint NOT NULL,
    amount_rials bigint NOT NULL,
    callback_url text NOT NULL,
    status character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone
);
CREATE TABLE public.sandbox_session_faults (
    authority character varying(36) NOT NULL,
    name character varying(30) NOT NULL,
    value integer NOT NULL
);
CREATE TABLE public.sandbox_sessions (
    number integer NOT NULL,
    authority character varying(36) NOT NULL,
    merchant_id character varying(36) NOT NULL,
    amount_rials bigint NOT NULL,
    description text NOT NULL,
    callback_url text NOT NULL,
    status character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone
);
CREATE SEQUENCE public.sandbox_sessions_number_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sandbox_sessions_number_seq OWNED BY public.sandbox_sessions.number;
CREATE TABLE public.seals (
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL,
    signature character varying(88) NOT NULL
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
ALTER TABLE ONLY public.log_head ALTER COLUMN id SET DEFAULT nextval('public.log_head_id_seq'::regclass);
ALTER TABLE ONLY public.relay_cursor ALTER COLUMN id SET DEFAULT nextval('public.relay_cursor_id_seq'::regclass);
ALTER TABLE ONLY public.sandbox_sessions ALTER COLUMN number SET DEFAULT nextval('public.sandbox_sessions_number_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0002_from_0001');
INSERT INTO public.event_types VALUES ('BankNoticeReceived', 1, 0);
INSERT INTO public.event_types VALUES ('BankNoticeRefused', 1, 0);
INSERT INTO public.events VALUES (1, 'notice/msg_f398c981b7614cc5ad217029c5024f8b', 1, 'd61250bd-eba0-5aed-a36f-4194e95ab30a', 'BankNoticeReceived', '{"notice_id":"msg_f398c981b7614cc5ad217029c5024f8b","authority":"S07baf3974c196f939791001b228a5075038","body_digest":"e46714eb2f60645e7a2e8d6a2ac61a72f47d5fcee76854b0658c56d6449feaa8","received_at":"2026-11-28T23:47:31.567314Z"}', '{"correlation_id":"166fbe4d-42ed-4788-999b-39951b781e78","causation_id":"166fbe4d-42ed-4788-999b-39951b781e78","actor":"program:bank","traceparent":""}', '2026-11-28 23:47:31.572988+00');
INSERT INTO public.log_head VALUES (1, 1, 'e45c215b-3892-454a-ac19-8c37b90b48dd', 0, 1);
INSERT INTO public.projection_versions VALUES (1, 'bank', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.reads VALUES ('', '2026-11-28 23:40:00+00', 'admin', 'ReadEvents', 0, 'admin');
INSERT INTO public.relay_cursor VALUES (1, 1, 'b6e987b3003abd7033e2ab30f32ad78c961e6970b6276ada6c72dee89a7b283d');
INSERT INTO public.sandbox_sessions VALUES (1, 'S07baf3974c196f939791001b228a5075038', '11111111-2222-4333-8444-555555555555', 9000000, 'حق عضویت سال ۱۴۰۵', 'http://127.0.0.1:17982/payment/return?attempt=a1b4fab4-5a30-438b-8953-c0f493d3ce9e', 'VERIFIED', '2026-11-28 23:47:30.536654+00', '2026-11-28 23:47:30.973727+00');
INSERT INTO public.seals VALUES (1, 'b6e987b3003abd7033e2ab30f32ad78c961e6970b6276ada6c72dee89a7b283d', 'RFPBz0rM9JSlECrR+ZBqL1qeNNlACz8pmPasZ0z7v+GfN7NLGa4bM/hvmHxElSXjU4khzTZUTLHmtHxdyiZfBw==');
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.relay_cursor_id_seq', 1, false);
SELECT pg_catalog.setval('public.sandbox_sessions_number_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (source);
ALTER TABLE ONLY public.command_ids
    ADD CONSTRAINT command_ids_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.dropped_events
    ADD CONSTRAINT dropped_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.event_types
    ADD CONSTRAINT event_types_pkey PRIMARY KEY (type, schema_version);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.former_epochs
    ADD CONSTRAINT former_epochs_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.late_events
    ADD CONSTRAINT late_events_pkey PRIMARY KEY (version, source, "position");
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT one_cause_once UNIQUE (stream, event_id);
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
ALTER TABLE ONLY public.reconciliations
    ADD CONSTRAINT reconciliations_pkey PRIMARY KEY (source, at);
ALTER TABLE ONLY public.relay_cursor
    ADD CONSTRAINT relay_cursor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sandbox_faults
    ADD CONSTRAINT sandbox_faults_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.sandbox_sales
    ADD CONSTRAINT sandbox_sales_pkey PRIMARY KEY (order_id);
ALTER TABLE ONLY public.sandbox_sales
    ADD CONSTRAINT sandbox_sales_ref_key UNIQUE (ref);
ALTER TABLE ONLY public.sandbox_session_faults
    ADD CONSTRAINT sandbox_session_faults_pkey PRIMARY KEY (authority, name);
ALTER TABLE ONLY public.sandbox_sessions
    ADD CONSTRAINT sandbox_sessions_authority_key UNIQUE (authority);
ALTER TABLE ONLY public.sandbox_sessions
    ADD CONSTRAINT sandbox_sessions_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.timers
    ADD CONSTRAINT timers_pkey PRIMARY KEY (kind, key);
ALTER TABLE ONLY public.unknown_events
    ADD CONSTRAINT unknown_events_pkey PRIMARY KEY (source, "position");
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
CREATE INDEX timers_due ON public.timers USING btree (kind, owner, due_at);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.facts_stay();
