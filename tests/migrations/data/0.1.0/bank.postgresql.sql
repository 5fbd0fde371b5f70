CREATE FUNCTION public.facts_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TABLE public.checkpoints (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL
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
ALTER TABLE ONLY public.log_head ALTER COLUMN id SET DEFAULT nextval('public.log_head_id_seq'::regclass);
ALTER TABLE ONLY public.relay_cursor ALTER COLUMN id SET DEFAULT nextval('public.relay_cursor_id_seq'::regclass);
ALTER TABLE ONLY public.sandbox_sessions ALTER COLUMN number SET DEFAULT nextval('public.sandbox_sessions_number_seq'::regclass);
INSERT INTO public.events VALUES (1, 'notice/msg_ead3c559937845078ff8f9589502534e', 1, '353d93c5-60d8-584e-a6e1-fcbdc2349f32', 'BankNoticeReceived', '{"notice_id":"msg_ead3c559937845078ff8f9589502534e","authority":"S0429574d579aee17b9d1402aa8e70a670c3","body_digest":"b4b8dd213f0182526803e202b0d8d889da26f3fc1279f7a9b9a839b6e492ff30","received_at":"2026-11-28T17:18:11.980440Z"}', '{"correlation_id":"2cf8a209-52de-4d3a-82a4-6469aadf568a","causation_id":"2cf8a209-52de-4d3a-82a4-6469aadf568a","actor":"program:bank","traceparent":""}', '2026-11-28 17:18:12.008816+00');
INSERT INTO public.log_head VALUES (1, 1);
INSERT INTO public.reads VALUES ('', '2026-11-28 17:10:00+00', 'admin', 'ReadEvents', 0, 'admin');
INSERT INTO public.relay_cursor VALUES (1, 1, '1f32678e2cf5cc61ac08257fce3deead2b692152453bb047e572dd1d51682da3');
INSERT INTO public.sandbox_sessions VALUES (1, 'S0429574d579aee17b9d1402aa8e70a670c3', '11111111-2222-4333-8444-555555555555', 9000000, 'حق عضویت سال ۱۴۰۵', 'http://127.0.0.1:31248/payment/return?attempt=71b75075-ef77-4bd4-80b9-d72b1d85eb0f', 'VERIFIED', '2026-11-28 17:18:09.78575+00', '2026-11-28 17:18:10.806183+00');
INSERT INTO public.seals VALUES (1, '1f32678e2cf5cc61ac08257fce3deead2b692152453bb047e572dd1d51682da3', 'JM/Jzefq2d99SdQmHe71XzpXfzXg0jnSNFJdO2KpHjwg8B6shyZSRRgBJ0YUzdTh/wj+CI1QuhclqlhSMQbcDg==');
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.relay_cursor_id_seq', 1, false);
SELECT pg_catalog.setval('public.sandbox_sessions_number_seq', 1, true);
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (source);
ALTER TABLE ONLY public.command_ids
    ADD CONSTRAINT command_ids_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.dropped_events
    ADD CONSTRAINT dropped_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT one_cause_once UNIQUE (stream, event_id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT one_version_once UNIQUE (stream, version);
ALTER TABLE ONLY public.parked_events
    ADD CONSTRAINT parked_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.reads
    ADD CONSTRAINT reads_pkey PRIMARY KEY (member, at, officer, message, year);
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
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
CREATE INDEX timers_due ON public.timers USING btree (kind, owner, due_at);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.facts_stay();
