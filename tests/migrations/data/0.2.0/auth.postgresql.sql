CREATE FUNCTION public.facts_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TABLE public.accounts (
    account character varying(50) NOT NULL,
    password_hash text NOT NULL,
    is_own boolean NOT NULL,
    is_chosen boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.activation_codes (
    account character varying(50) NOT NULL,
    code_hash character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attempts (
    id integer NOT NULL,
    attempt uuid NOT NULL,
    key character varying(100) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.attempts_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.attempts_id_seq OWNED BY public.attempts.id;
CREATE TABLE public.captchas (
    captcha uuid NOT NULL,
    phrase character varying(5) NOT NULL,
    network character varying(45) NOT NULL,
    plays integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.card_links (
    member character varying(12) NOT NULL,
    token character varying(30),
    command uuid NOT NULL,
    issued_at timestamp with time zone NOT NULL
);
CREATE TABLE public.card_views (
    id integer NOT NULL,
    command uuid NOT NULL,
    member character varying(12) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.card_views_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.card_views_id_seq OWNED BY public.card_views.id;
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
CREATE TABLE public.erasure_requests (
    member character varying(12) NOT NULL,
    province character varying(20) NOT NULL,
    cause character varying(20) NOT NULL,
    requested_by character varying(60) NOT NULL,
    requested_at timestamp with time zone NOT NULL
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
CREATE TABLE public.import_changes (
    import_id uuid NOT NULL,
    member character varying(12) NOT NULL,
    version integer NOT NULL,
    before text,
    after text NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    undone_by uuid
);
CREATE TABLE public.import_reports (
    command uuid NOT NULL,
    report text NOT NULL,
    reported_at timestamp with time zone NOT NULL
);
CREATE TABLE public.known_devices (
    token_hash character varying(64) NOT NULL,
    account character varying(50) NOT NULL,
    seen_at timestamp with time zone NOT NULL
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
CREATE TABLE public.members (
    member character varying(12) NOT NULL,
    province character varying(20) NOT NULL,
    member_class character varying(20) NOT NULL,
    licence_fields text NOT NULL,
    licence_expires_on date,
    paid_through integer,
    erased_at timestamp with time zone
);
CREATE TABLE public.name_beginnings (
    province character varying(20) NOT NULL,
    beginning character varying(60) NOT NULL COLLATE pg_catalog."C",
    member character varying(12) NOT NULL,
    full_name text NOT NULL
);
CREATE TABLE public.officer_request_details (
    request uuid NOT NULL,
    full_name text NOT NULL,
    password_hash text
);
CREATE TABLE public.officer_requests (
    request uuid NOT NULL,
    officer character varying(40) NOT NULL
);
CREATE TABLE public.officers (
    officer character varying(40) NOT NULL,
    roles text NOT NULL,
    provinces text NOT NULL
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
CREATE TABLE public.passkeys (
    passkey_id character varying(64) NOT NULL,
    account character varying(50) NOT NULL,
    credential_id text NOT NULL,
    public_key text NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE public.password_resets (
    account character varying(50) NOT NULL,
    reset_at timestamp with time zone NOT NULL
);
CREATE TABLE public.persons (
    account character varying(50) NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    national_code character varying(10)
);
CREATE TABLE public.projection_versions (
    version integer NOT NULL,
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL
);
CREATE TABLE public.rate_limit_hits (
    id integer NOT NULL,
    address character varying(45) NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.rate_limit_hits_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rate_limit_hits_id_seq OWNED BY public.rate_limit_hits.id;
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
CREATE TABLE public.reconciliations (
    source character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    by character varying(60) NOT NULL,
    from_position bigint NOT NULL,
    from_epoch character varying(36) NOT NULL,
    to_position bigint NOT NULL,
    to_epoch character varying(36) NOT NULL
);
CREATE TABLE public.recovery_codes (
    account character varying(50) NOT NULL,
    code_hash character varying(64) NOT NULL
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
CREATE TABLE public.second_factors (
    account character varying(50) NOT NULL,
    secret text NOT NULL,
    is_on boolean NOT NULL,
    last_step bigint NOT NULL
);
CREATE TABLE public.security_events (
    id integer NOT NULL,
    account character varying(50) NOT NULL,
    kind character varying(30) NOT NULL,
    device character varying(50) NOT NULL,
    at timestamp with time zone NOT NULL,
    session_hash character varying(64) NOT NULL,
    is_seen boolean NOT NULL
);
CREATE SEQUENCE public.security_events_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.security_events_id_seq OWNED BY public.security_events.id;
CREATE TABLE public.sessions (
    token_hash character varying(64) NOT NULL,
    account character varying(50) NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL,
    device character varying(50) NOT NULL,
    is_pending boolean NOT NULL,
    confirmed_at timestamp with time zone
);
CREATE TABLE public.unknown_events (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    type character varying(60) NOT NULL,
    schema_version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    digest character varying(64) NOT NULL
);
CREATE TABLE public.used_challenges (
    challenge_hash character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.attempts ALTER COLUMN id SET DEFAULT nextval('public.attempts_id_seq'::regclass);
ALTER TABLE ONLY public.card_views ALTER COLUMN id SET DEFAULT nextval('public.card_views_id_seq'::regclass);
ALTER TABLE ONLY public.log_head ALTER COLUMN id SET DEFAULT nextval('public.log_head_id_seq'::regclass);
ALTER TABLE ONLY public.rate_limit_hits ALTER COLUMN id SET DEFAULT nextval('public.rate_limit_hits_id_seq'::regclass);
ALTER TABLE ONLY public.relay_cursor ALTER COLUMN id SET DEFAULT nextval('public.relay_cursor_id_seq'::regclass);
ALTER TABLE ONLY public.security_events ALTER COLUMN id SET DEFAULT nextval('public.security_events_id_seq'::regclass);
INSERT INTO public.accounts VALUES ('officer:admin', '$argon2id$v=19$m=19456,t=2,p=1$SjkzR0ofYgX0xJJAXVsGxA$1wYXSIcAQJWfDYvDU2133Z+es+5vKPxD79N6Ppw6pAE', true, false, '2026-11-28 23:47:17.33401+00');
INSERT INTO public.accounts VALUES ('officer:rahbar', '$argon2id$v=19$m=19456,t=2,p=1$wrqlzlVTSrQU4HVpDJNzuw$FTDn8WJKbtGLrH6nsTEb99jVcLsX1h6TEI9T7w3IJNY', true, false, '2026-11-28 23:47:19.023966+00');
INSERT INTO public.accounts VALUES ('officer:modir', '$argon2id$v=19$m=19456,t=2,p=1$HcEfP6zqak/N/ZqUO9Ccrg$9SQ9+hoiZF721bIprUL4G40iVFPv1zWpmAaLS7Qy2gk', true, false, '2026-11-28 23:47:20.34973+00');
INSERT INTO public.accounts VALUES ('officer:moaven', '$argon2id$v=19$m=19456,t=2,p=1$vRgA1Tkau8igAYt6YeTgeg$bZka804AAARCjnTWRkkdQJNY7SEMTVzy9aHFOw3tP/c', true, false, '2026-11-28 23:47:20.937357+00');
INSERT INTO public.accounts VALUES ('officer:khazanedar', '$argon2id$v=19$m=19456,t=2,p=1$y33gnaPK4oEIP2rxUMuMbw$3ct2IT6U9dYPoZJ4cIaabmmkqn5dzHCIeiyfZwg27fQ', true, false, '2026-11-28 23:47:21.334548+00');
INSERT INTO public.accounts VALUES ('officer:hesabdar', '$argon2id$v=19$m=19456,t=2,p=1$86XtYlfTmuTN+/QZQV8xHw$qMQjvslFI96tQxy1TFDWpRpgJpWcqB3A8gD4XP6ScIQ', true, false, '2026-11-28 23:47:21.973035+00');
INSERT INTO public.accounts VALUES ('officer:modir-fars', '$argon2id$v=19$m=19456,t=2,p=1$lCnakyaNT5lsiy0z1HciMQ$TgkSwEREDyHO634AmSj+y5A/1hP0ToevHS4vt9eVd3I', true, false, '2026-11-28 23:47:22.471341+00');
INSERT INTO public.accounts VALUES ('officer:bazres', '$argon2id$v=19$m=19456,t=2,p=1$Hls9k5Df4t468h8Ef1bkog$4O0d+ZIyMNFPbhbCCoYuVypj3tUwwjA4qflTGwWdKow', true, false, '2026-11-28 23:47:22.886705+00');
INSERT INTO public.accounts VALUES ('member:3412001', '$argon2id$v=19$m=19456,t=2,p=1$aUovy3cOg6sCeVaAAsaPsg$d/xpBqQKPxF3o2il8W2FRLRYbX/bJlTBHNyp8A/TdIA', false, false, '2026-11-28 23:47:25.540812+00');
INSERT INTO public.alembic_version VALUES ('0003_from_0001');
INSERT INTO public.command_ids VALUES ('a24ecd42-5393-5444-a2cc-128b04265adc', '207c0ff963639574e4559776fad73502d1678e913f305afa09a381e286abfc9d', '2026-11-28 23:47:17.33401+00');
INSERT INTO public.command_ids VALUES ('1269df88-6a7e-457c-98d7-b48f0cdd529f', '9e26828f41c9318784c6123925ef039ce22ac36af2159728042d789d87ba2336', '2026-11-28 23:47:19.023966+00');
INSERT INTO public.command_ids VALUES ('7230a15c-d805-4945-a3d8-e0e953b438f3', '212c5f8af210faf7557a6cdbcb2774722a9c582728043568f46acdc801cf4c70', '2026-11-28 23:47:20.069233+00');
INSERT INTO public.command_ids VALUES ('4483f86b-dc60-4d4e-9daa-025a69126d49', '5fb4dcbd28efef66166da089a6c102e4c0e829e4a03230b14cad00703348378e', '2026-11-28 23:47:20.34973+00');
INSERT INTO public.command_ids VALUES ('516d255c-9e6c-4b7d-8534-a3a612e1ff02', 'e49dd82034625d87fb3e579655e46bdc9930aca7c5b7d17d95b07b3fb0bb4386', '2026-11-28 23:47:20.465516+00');
INSERT INTO public.command_ids VALUES ('e9881027-f4fc-4ba0-89e2-6e55cf3eac1b', '41e69ae7a829dc71d44acd8f4d57fa9d2803b6e99eeebb880d69c7267a3ddd50', '2026-11-28 23:47:20.937357+00');
INSERT INTO public.command_ids VALUES ('00f9db33-6f46-4624-9b51-bff4283d3a0a', '97c2d76bf979dbe9e73dda1483237c8fdb450db36c559aa3e60da7b0282c793e', '2026-11-28 23:47:21.058946+00');
INSERT INTO public.command_ids VALUES ('f626e21b-2a0a-402c-9dc9-bc09055d6f1a', 'a845ce155211f700c265e777c3c85158451c98c3509a83ad2989b281aeb22a4b', '2026-11-28 23:47:21.334548+00');
INSERT INTO public.command_ids VALUES ('0797b50f-ef24-4f98-aea1-247a9276cc16', '704fa44a2893079f54dcb3f4fd33c736ceb1e8dce6767fdf4c2c3bc1172892f0', '2026-11-28 23:47:21.466882+00');
INSERT INTO public.command_ids VALUES ('9df82bc2-1a19-47cd-b1d9-8e525d54071d', '05104492fce4960b8504385316bb447658ede133628d6c497e5435af948295bb', '2026-11-28 23:47:21.973035+00');
INSERT INTO public.command_ids VALUES ('ac3ec74e-109b-44db-941a-c6b698f85b3a', '5c3e28c01c91884663428f472462caf17aacfb9b076a5c7e3b40a6dd1f24ea8a', '2026-11-28 23:47:22.081238+00');
INSERT INTO public.command_ids VALUES ('3cc54656-b98b-4507-852d-0da3c4cc5348', '5b7e9f40b83586c2296bf08427a8e1faac237595e985b9966033ef74d7b782e1', '2026-11-28 23:47:22.471341+00');
INSERT INTO public.command_ids VALUES ('1b5c4508-cd3f-48f6-9709-a11a1d15ba44', 'ade230c22aa37ba18d428ad7b020eeba18f661dd3cb40a8cc47330386f9512f8', '2026-11-28 23:47:22.583163+00');
INSERT INTO public.command_ids VALUES ('0db68ee1-588f-41fc-b305-fa1b38adb6ea', '443dd6df1a0f5e048b84b7dfc773e8d0cb83e4ec20d6290de4dfaeb41ae14100', '2026-11-28 23:47:22.886705+00');
INSERT INTO public.command_ids VALUES ('e9a9fefb-9cee-4135-a08f-e78f72c0940c', '9beacb604bd31a246908d7924cf7be0563c0bd59c0f16e1d361e04224b1e2737', '2026-11-28 23:47:23.038171+00');
INSERT INTO public.event_types VALUES ('ActivationCodeIssued', 1, 0);
INSERT INTO public.event_types VALUES ('AppointmentRequested', 1, 0);
INSERT INTO public.event_types VALUES ('DismissalRequested', 1, 0);
INSERT INTO public.event_types VALUES ('ErasureDeclined', 1, 0);
INSERT INTO public.event_types VALUES ('ErasureRequested', 1, 0);
INSERT INTO public.event_types VALUES ('MemberEnrolled', 1, 0);
INSERT INTO public.event_types VALUES ('MemberErased', 1, 0);
INSERT INTO public.event_types VALUES ('MemberRemoved', 1, 0);
INSERT INTO public.event_types VALUES ('MembershipChanged', 1, 0);
INSERT INTO public.event_types VALUES ('OfficerAppointed', 1, 0);
INSERT INTO public.event_types VALUES ('OfficerDismissed', 1, 0);
INSERT INTO public.event_types VALUES ('OfficerRequestDeclined', 1, 0);
INSERT INTO public.event_types VALUES ('PasswordChanged', 1, 0);
INSERT INTO public.event_types VALUES ('PasswordReset', 1, 0);
INSERT INTO public.event_types VALUES ('SecondFactorRemoved', 1, 0);
INSERT INTO public.event_types VALUES ('SecondFactorSet', 1, 0);
INSERT INTO public.events VALUES (1, 'officer/admin', 1, 'd48089dd-8de7-520b-aa3f-63c05914f161', 'OfficerAppointed', '{"officer":"admin","roles":["admin"],"provinces":["alborz","ardabil","bushehr","chaharmahalbakhtiari","eastazerbaijan","fars","gilan","golestan","hamadan","hormozgan","ilam","isfahan","kerman","kermanshah","khuzestan","kohgiluyehboyerahmad","kurdistan","lorestan","markazi","mazandaran","northkhorasan","qazvin","qom","razavikhorasan","semnan","sistanbaluchestan","southkhorasan","tehran","westazerbaijan","yazd","zanjan"],"appointed_by":"program:auth","appointed_at":"2026-11-28T23:47:17.334010Z","request":null,"granted_by":""}', '{"correlation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","causation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","actor":"program:auth","traceparent":""}', '2026-11-28 23:47:17.850129+00');
INSERT INTO public.events VALUES (2, 'officer/rahbar', 1, '7ebb3545-9b98-571c-90bb-e9b093a7a1f5', 'OfficerAppointed', '{"officer":"rahbar","roles":["admin"],"provinces":["fars","isfahan"],"appointed_by":"officer:admin","appointed_at":"2026-11-28T23:47:19.023966Z","request":null,"granted_by":""}', '{"correlation_id":"1269df88-6a7e-457c-98d7-b48f0cdd529f","causation_id":"1269df88-6a7e-457c-98d7-b48f0cdd529f","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:19.37796+00');
INSERT INTO public.events VALUES (3, 'officer/modir', 1, 'e2e5ebd0-ca82-5d56-a37c-c9d162bc1187', 'AppointmentRequested', '{"officer":"modir","request":"7230a15c-d805-4945-a3d8-e0e953b438f3","roles":["finance","manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:47:20.069233Z"}', '{"correlation_id":"7230a15c-d805-4945-a3d8-e0e953b438f3","causation_id":"7230a15c-d805-4945-a3d8-e0e953b438f3","actor":"officer:rahbar","traceparent":""}', '2026-11-28 23:47:20.248244+00');
INSERT INTO public.events VALUES (4, 'officer/modir', 2, '99233183-d524-5799-b8d8-d9d7cc16d812', 'OfficerAppointed', '{"officer":"modir","roles":["finance","manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:47:20.349730Z","request":"7230a15c-d805-4945-a3d8-e0e953b438f3","granted_by":"officer:admin"}', '{"correlation_id":"4483f86b-dc60-4d4e-9daa-025a69126d49","causation_id":"4483f86b-dc60-4d4e-9daa-025a69126d49","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:20.364574+00');
INSERT INTO public.events VALUES (5, 'officer/moaven', 1, 'b7a982e7-b0c0-5f17-a209-665be8a5866c', 'AppointmentRequested', '{"officer":"moaven","request":"516d255c-9e6c-4b7d-8534-a3a612e1ff02","roles":["manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:47:20.465516Z"}', '{"correlation_id":"516d255c-9e6c-4b7d-8534-a3a612e1ff02","causation_id":"516d255c-9e6c-4b7d-8534-a3a612e1ff02","actor":"officer:rahbar","traceparent":""}', '2026-11-28 23:47:20.872694+00');
INSERT INTO public.events VALUES (6, 'officer/moaven', 2, '3aeb8af4-46fc-5454-b54b-1144e04c0dcb', 'OfficerAppointed', '{"officer":"moaven","roles":["manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:47:20.937357Z","request":"516d255c-9e6c-4b7d-8534-a3a612e1ff02","granted_by":"officer:admin"}', '{"correlation_id":"e9881027-f4fc-4ba0-89e2-6e55cf3eac1b","causation_id":"e9881027-f4fc-4ba0-89e2-6e55cf3eac1b","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:20.958424+00');
INSERT INTO public.events VALUES (7, 'officer/khazanedar', 1, 'd804833a-2937-5b64-ae48-7c13ccffd157', 'AppointmentRequested', '{"officer":"khazanedar","request":"00f9db33-6f46-4624-9b51-bff4283d3a0a","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:47:21.058946Z"}', '{"correlation_id":"00f9db33-6f46-4624-9b51-bff4283d3a0a","causation_id":"00f9db33-6f46-4624-9b51-bff4283d3a0a","actor":"officer:rahbar","traceparent":""}', '2026-11-28 23:47:21.266641+00');
INSERT INTO public.events VALUES (8, 'officer/khazanedar', 2, '34f89367-fe58-505b-b87f-db1abe93ac6e', 'OfficerAppointed', '{"officer":"khazanedar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:47:21.334548Z","request":"00f9db33-6f46-4624-9b51-bff4283d3a0a","granted_by":"officer:admin"}', '{"correlation_id":"f626e21b-2a0a-402c-9dc9-bc09055d6f1a","causation_id":"f626e21b-2a0a-402c-9dc9-bc09055d6f1a","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:21.360566+00');
INSERT INTO public.events VALUES (9, 'officer/hesabdar', 1, '700b6904-c271-5368-8cbb-f21c6eb7e8d3', 'AppointmentRequested', '{"officer":"hesabdar","request":"0797b50f-ef24-4f98-aea1-247a9276cc16","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:47:21.466882Z"}', '{"correlation_id":"0797b50f-ef24-4f98-aea1-247a9276cc16","causation_id":"0797b50f-ef24-4f98-aea1-247a9276cc16","actor":"officer:rahbar","traceparent":""}', '2026-11-28 23:47:21.872538+00');
INSERT INTO public.events VALUES (10, 'officer/hesabdar', 2, '3110b590-31e5-5004-bf74-6f2d3d27683f', 'OfficerAppointed', '{"officer":"hesabdar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:47:21.973035Z","request":"0797b50f-ef24-4f98-aea1-247a9276cc16","granted_by":"officer:admin"}', '{"correlation_id":"9df82bc2-1a19-47cd-b1d9-8e525d54071d","causation_id":"9df82bc2-1a19-47cd-b1d9-8e525d54071d","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:21.979919+00');
INSERT INTO public.events VALUES (11, 'officer/modir-fars', 1, '2f820b8b-3162-5c50-a838-229db656308a', 'AppointmentRequested', '{"officer":"modir-fars","request":"ac3ec74e-109b-44db-941a-c6b698f85b3a","roles":["finance","manager"],"provinces":["fars"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:47:22.081238Z"}', '{"correlation_id":"ac3ec74e-109b-44db-941a-c6b698f85b3a","causation_id":"ac3ec74e-109b-44db-941a-c6b698f85b3a","actor":"officer:rahbar","traceparent":""}', '2026-11-28 23:47:22.351834+00');
INSERT INTO public.events VALUES (12, 'officer/modir-fars', 2, '84089d30-614d-5858-893d-ecc01f023068', 'OfficerAppointed', '{"officer":"modir-fars","roles":["finance","manager"],"provinces":["fars"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:47:22.471341Z","request":"ac3ec74e-109b-44db-941a-c6b698f85b3a","granted_by":"officer:admin"}', '{"correlation_id":"3cc54656-b98b-4507-852d-0da3c4cc5348","causation_id":"3cc54656-b98b-4507-852d-0da3c4cc5348","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:22.480492+00');
INSERT INTO public.events VALUES (13, 'officer/bazres', 1, '94fbbd7f-72bd-5199-85fa-2ca011333b38', 'AppointmentRequested', '{"officer":"bazres","request":"1b5c4508-cd3f-48f6-9709-a11a1d15ba44","roles":["auditor"],"provinces":["fars","isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:47:22.583163Z"}', '{"correlation_id":"1b5c4508-cd3f-48f6-9709-a11a1d15ba44","causation_id":"1b5c4508-cd3f-48f6-9709-a11a1d15ba44","actor":"officer:rahbar","traceparent":""}', '2026-11-28 23:47:22.797837+00');
INSERT INTO public.events VALUES (14, 'officer/bazres', 2, '609311c4-7168-5f9b-ab4d-cc061766e686', 'OfficerAppointed', '{"officer":"bazres","roles":["auditor"],"provinces":["fars","isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:47:22.886705Z","request":"1b5c4508-cd3f-48f6-9709-a11a1d15ba44","granted_by":"officer:admin"}', '{"correlation_id":"0db68ee1-588f-41fc-b305-fa1b38adb6ea","causation_id":"0db68ee1-588f-41fc-b305-fa1b38adb6ea","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:22.899687+00');
INSERT INTO public.events VALUES (15, 'member/3412001', 1, '0802b619-86b8-5cb5-a836-1f9f90b7cb8b', 'MemberEnrolled', '{"member":"3412001","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.114171+00');
INSERT INTO public.events VALUES (16, 'member/3412002', 1, 'a6bdc480-36db-5186-8e74-38c711a81126', 'MemberEnrolled', '{"member":"3412002","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"},"paid_through":1402,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.125699+00');
INSERT INTO public.events VALUES (17, 'member/3412003', 1, '0e8e1cfb-8b2e-5701-ade5-fc164a1a5259', 'MemberEnrolled', '{"member":"3412003","province":"isfahan","licence":{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.144962+00');
INSERT INTO public.events VALUES (18, 'member/3412004', 1, '3d970351-014b-5f96-8744-8fdcbe2849b7', 'MemberEnrolled', '{"member":"3412004","province":"isfahan","licence":{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.17285+00');
INSERT INTO public.events VALUES (19, 'member/3412005', 1, 'c5cea092-1faa-55f1-a22e-b8bb38ac4225', 'MemberEnrolled', '{"member":"3412005","province":"isfahan","licence":{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.182496+00');
INSERT INTO public.events VALUES (20, 'member/3412006', 1, 'b574e9c7-b582-559f-aa21-39419180d2a5', 'MemberEnrolled', '{"member":"3412006","province":"isfahan","licence":{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"},"paid_through":1403,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.20002+00');
INSERT INTO public.events VALUES (21, 'member/3412007', 1, 'e31d5438-0698-5cd0-ad51-3b3624bc753e', 'MemberEnrolled', '{"member":"3412007","province":"isfahan","licence":{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.22847+00');
INSERT INTO public.events VALUES (22, 'member/3412008', 1, 'a2d40965-b0bc-5f6a-bf7e-d889ed2219ee', 'MemberEnrolled', '{"member":"3412008","province":"isfahan","licence":{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.265288+00');
INSERT INTO public.events VALUES (23, 'member/0412009', 1, '773def5d-7c6f-5bb6-bf1d-c8f54117e0c3', 'MemberEnrolled', '{"member":"0412009","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.283296+00');
INSERT INTO public.events VALUES (24, 'member/3412010', 1, '96732964-b9dc-5e9e-a33d-a5e98c2d07bb', 'MemberEnrolled', '{"member":"3412010","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":null,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.289504+00');
INSERT INTO public.events VALUES (25, 'member/3412011', 1, '6c474552-9fdc-5a3c-84cc-4266e3082d07', 'MemberEnrolled', '{"member":"3412011","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.309139+00');
INSERT INTO public.events VALUES (26, 'member/3412012', 1, '2048271f-7c25-5ba5-ad41-f5c9e9b38d20', 'MemberEnrolled', '{"member":"3412012","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1401,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.32251+00');
INSERT INTO public.events VALUES (27, 'member/5117001', 1, '2baa8f47-a487-525f-880f-3cc51f1abeda', 'MemberEnrolled', '{"member":"5117001","province":"fars","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.346423+00');
INSERT INTO public.events VALUES (28, 'member/5117002', 1, '186a4d9c-e9c0-52a2-812c-9de4fbc8a131', 'MemberEnrolled', '{"member":"5117002","province":"fars","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '{"correlation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","causation_id":"e9a9fefb-9cee-4135-a08f-e78f72c0940c","actor":"officer:admin","traceparent":""}', '2026-11-28 23:47:23.357424+00');
INSERT INTO public.import_reports VALUES ('e9a9fefb-9cee-4135-a08f-e78f72c0940c', '{"rows":[{"row":1,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":2,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":3,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":4,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":5,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":6,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":7,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":8,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":9,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":10,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":11,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":12,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":13,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":14,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""}]}', '2026-11-28 23:47:23.038171+00');
INSERT INTO public.known_devices VALUES ('1dd9659457e1545e60d07f803beb2f9ac989900f3fa07a2cff6848af595a3823', 'officer:admin', '2026-11-28 23:47:18.340493+00');
INSERT INTO public.known_devices VALUES ('d7ea66b768e30e48a43033930b8018b5d39a7a98d5f93556167a8e6fd5c25e31', 'officer:rahbar', '2026-11-28 23:47:19.604467+00');
INSERT INTO public.known_devices VALUES ('8c05d9c6b1b9a2dfb4276ca48e9297488d16690319c1dca71989ca180d75c643', 'officer:admin', '2026-11-28 23:47:23.524991+00');
INSERT INTO public.known_devices VALUES ('20b0a6ea06e771c0f8c6d00d016aeac5420a66bca22c480f6502e15ba37acbd0', 'member:3412001', '2026-11-28 23:47:25.540812+00');
INSERT INTO public.known_devices VALUES ('18bbba01132c4dfdf87982c590372711b0eeda531be72a2572129edbbb5d8fb8', 'officer:modir', '2026-11-28 23:47:28.245061+00');
INSERT INTO public.log_head VALUES (1, 28, '0cca7ed5-c7ef-4687-b2f6-2859acdec9b5', 0, 1);
INSERT INTO public.members VALUES ('3412001', 'isfahan', 'grade_2', 'extraction', '2030-03-20', 1404, NULL);
INSERT INTO public.members VALUES ('3412002', 'isfahan', 'grade_2', 'extraction exploration', '2028-09-21', 1402, NULL);
INSERT INTO public.members VALUES ('3412003', 'isfahan', 'grade_3', 'exploration', '2028-06-04', 1404, NULL);
INSERT INTO public.members VALUES ('3412004', 'isfahan', 'grade_3', 'processing', '2024-09-21', 1404, NULL);
INSERT INTO public.members VALUES ('3412005', 'isfahan', 'grade_1', 'extraction processing', '2029-04-08', 1404, NULL);
INSERT INTO public.members VALUES ('3412006', 'isfahan', 'grade_1', 'metallurgy', '2029-02-18', 1403, NULL);
INSERT INTO public.members VALUES ('3412007', 'isfahan', 'senior', 'extraction exploration processing', '2029-07-31', 1404, NULL);
INSERT INTO public.members VALUES ('3412008', 'isfahan', 'senior', 'surveying', '2028-12-20', 1404, NULL);
INSERT INTO public.members VALUES ('0412009', 'isfahan', 'intern', '', NULL, 1404, NULL);
INSERT INTO public.members VALUES ('3412010', 'isfahan', 'intern', '', NULL, NULL, NULL);
INSERT INTO public.members VALUES ('3412011', 'isfahan', 'unlicensed', '', NULL, 1404, NULL);
INSERT INTO public.members VALUES ('3412012', 'isfahan', 'unlicensed', '', NULL, 1401, NULL);
INSERT INTO public.members VALUES ('5117001', 'fars', 'grade_2', 'extraction', '2029-03-19', 1404, NULL);
INSERT INTO public.members VALUES ('5117002', 'fars', 'unlicensed', '', NULL, 1404, NULL);
INSERT INTO public.name_beginnings VALUES ('isfahan', 'اذرخشسنگافروز', '3412001', 'آذرخش سنگ‌افروز');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'افروز', '3412001', 'آذرخش سنگ‌افروز');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'سنگافروز', '3412001', 'آذرخش سنگ‌افروز');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'نمونهپور', '3412002', 'کوهیار نمونه‌پور');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'پور', '3412002', 'کوهیار نمونه‌پور');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'کوهیارنمونهپور', '3412002', 'کوهیار نمونه‌پور');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'ازمونی', '3412003', 'گوهرناز آزمونی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'گوهرنازازمونی', '3412003', 'گوهرناز آزمونی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'فیروزهمثالی', '3412004', 'فیروزه مثالی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'مثالی', '3412004', 'فیروزه مثالی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'فرضینژاد', '3412005', 'معدن‌یار فرضی‌نژاد');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'معدنیارفرضینژاد', '3412005', 'معدن‌یار فرضی‌نژاد');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'نژاد', '3412005', 'معدن‌یار فرضی‌نژاد');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'یارفرضینژاد', '3412005', 'معدن‌یار فرضی‌نژاد');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'اهننشان', '3412006', 'زرین‌تاج آهن‌نشان');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'تاجاهننشان', '3412006', 'زرین‌تاج آهن‌نشان');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'زرینتاجاهننشان', '3412006', 'زرین‌تاج آهن‌نشان');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'نشان', '3412006', 'زرین‌تاج آهن‌نشان');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'الماسپیشنمونه', '3412007', 'الماس پیش‌نمونه');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'نمونه', '3412007', 'الماس پیش‌نمونه');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'پیشنمونه', '3412007', 'الماس پیش‌نمونه');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'سیمابنقشهنگار', '3412008', 'سیماب نقشه‌نگار');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'نقشهنگار', '3412008', 'سیماب نقشه‌نگار');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'نگار', '3412008', 'سیماب نقشه‌نگار');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'تازهوارد', '0412009', 'یاقوت تازه‌وارد');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'وارد', '0412009', 'یاقوت تازه‌وارد');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'یاقوتتازهوارد', '0412009', 'یاقوت تازه‌وارد');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'ساختگی', '3412010', 'سپهر ساختگی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'سپهرساختگی', '3412010', 'سپهر ساختگی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'خیالی', '3412011', 'نگین خیالی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'نگینخیالی', '3412011', 'نگین خیالی');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'بیپروانه', '3412012', 'مرمر بی‌پروانه');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'مرمربیپروانه', '3412012', 'مرمر بی‌پروانه');
INSERT INTO public.name_beginnings VALUES ('isfahan', 'پروانه', '3412012', 'مرمر بی‌پروانه');
INSERT INTO public.name_beginnings VALUES ('fars', 'ازمونزاده', '5117001', 'شیراز آزمون‌زاده');
INSERT INTO public.name_beginnings VALUES ('fars', 'زاده', '5117001', 'شیراز آزمون‌زاده');
INSERT INTO public.name_beginnings VALUES ('fars', 'شیرازازمونزاده', '5117001', 'شیراز آزمون‌زاده');
INSERT INTO public.name_beginnings VALUES ('fars', 'ای', '5117002', 'لاجورد نمونه‌ای');
INSERT INTO public.name_beginnings VALUES ('fars', 'لاجوردنمونهای', '5117002', 'لاجورد نمونه‌ای');
INSERT INTO public.name_beginnings VALUES ('fars', 'نمونهای', '5117002', 'لاجورد نمونه‌ای');
INSERT INTO public.officers VALUES ('admin', 'admin', 'alborz ardabil bushehr chaharmahalbakhtiari eastazerbaijan fars gilan golestan hamadan hormozgan ilam isfahan kerman kermanshah khuzestan kohgiluyehboyerahmad kurdistan lorestan markazi mazandaran northkhorasan qazvin qom razavikhorasan semnan sistanbaluchestan southkhorasan tehran westazerbaijan yazd zanjan');
INSERT INTO public.officers VALUES ('rahbar', 'admin', 'fars isfahan');
INSERT INTO public.officers VALUES ('modir', 'finance manager', 'isfahan');
INSERT INTO public.officers VALUES ('moaven', 'manager', 'isfahan');
INSERT INTO public.officers VALUES ('khazanedar', 'finance treasury', 'isfahan');
INSERT INTO public.officers VALUES ('hesabdar', 'finance treasury', 'isfahan');
INSERT INTO public.officers VALUES ('modir-fars', 'finance manager', 'fars');
INSERT INTO public.officers VALUES ('bazres', 'auditor', 'fars isfahan');
INSERT INTO public.persons VALUES ('officer:admin', '', 'مدیر سامانه', NULL);
INSERT INTO public.persons VALUES ('officer:rahbar', '', 'راهبر دوم نمایشی سامانه', NULL);
INSERT INTO public.persons VALUES ('officer:modir', '', 'مدیر نمایشی اصفهان', NULL);
INSERT INTO public.persons VALUES ('officer:moaven', '', 'معاون نمایشی اصفهان', NULL);
INSERT INTO public.persons VALUES ('officer:khazanedar', '', 'خزانه‌دار نمایشی اصفهان', NULL);
INSERT INTO public.persons VALUES ('officer:hesabdar', '', 'حسابدار نمایشی اصفهان', NULL);
INSERT INTO public.persons VALUES ('officer:modir-fars', '', 'مدیر نمایشی فارس', NULL);
INSERT INTO public.persons VALUES ('officer:bazres', '', 'بازرس نمایشی دسترسی‌ها', NULL);
INSERT INTO public.persons VALUES ('member:3412001', 'آذرخش', 'سنگ‌افروز', '0019378653');
INSERT INTO public.persons VALUES ('member:3412002', 'کوهیار', 'نمونه‌پور', '0012345679');
INSERT INTO public.persons VALUES ('member:3412003', 'گوهرناز', 'آزمونی', '1271111111');
INSERT INTO public.persons VALUES ('member:3412004', 'فیروزه', 'مثالی', '1272222225');
INSERT INTO public.persons VALUES ('member:3412005', 'معدن‌یار', 'فرضی‌نژاد', '1283333333');
INSERT INTO public.persons VALUES ('member:3412006', 'زرین‌تاج', 'آهن‌نشان', '1284444449');
INSERT INTO public.persons VALUES ('member:3412007', 'الماس', 'پیش‌نمونه', '1295555557');
INSERT INTO public.persons VALUES ('member:3412008', 'سیماب', 'نقشه‌نگار', '1296666662');
INSERT INTO public.persons VALUES ('member:0412009', 'یاقوت', 'تازه‌وارد', '1277777772');
INSERT INTO public.persons VALUES ('member:3412010', 'سپهر', 'ساختگی', '1288888880');
INSERT INTO public.persons VALUES ('member:3412011', 'نگین', 'خیالی', '1299999980');
INSERT INTO public.persons VALUES ('member:3412012', 'مرمر', 'بی‌پروانه', '1271234564');
INSERT INTO public.persons VALUES ('member:5117001', 'شیراز', 'آزمون‌زاده', '2291111116');
INSERT INTO public.persons VALUES ('member:5117002', 'لاجورد', 'نمونه‌ای', '2292222221');
INSERT INTO public.projection_versions VALUES (1, 'auth', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.reads VALUES ('', '2026-11-28 23:40:00+00', 'admin', 'ReadEvents', 0, 'admin');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'GetMemberNames', 0, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'GetMember', 0, 'finance manager');
INSERT INTO public.relay_cursor VALUES (1, 28, 'a3f9504500c3a554de54e959eecf56a8fda8f264859d7fa6c4273151ee45c0c2');
INSERT INTO public.retention_runs VALUES ('card_views', '2026-11-28 23:47:17.924873+00', 0);
INSERT INTO public.retention_runs VALUES ('import_changes', '2026-11-28 23:47:17.924873+00', 0);
INSERT INTO public.retention_runs VALUES ('reads', '2026-11-28 23:47:17.924873+00', 0);
INSERT INTO public.retention_runs VALUES ('import_reports', '2026-11-28 23:47:17.924873+00', 0);
INSERT INTO public.seals VALUES (1, 'd8910f9a6d6ae1a9aa8bc039034fe27136f8bad9c701bd34f2abfbe67d79968a', 'y81YC36R6cAzNQGKbPFKrlMkxgrsN5/3y7LOnwm5TV9BkdyyTy2w4zE+r3duffBRwmfousI0C/r0qU7383Q/CA==');
INSERT INTO public.seals VALUES (2, 'be99b23637718a3d234013833ff61d6bf8738eadef90327d693f25c57e9b5198', 'iU3NVPTYr32CzLqLIe9xH9/z+7HMSZr7eKrBzJGYXKcU5bUb3P1NDhjOHrgjOqx5tP5+2DgBuLDvr/GWBxkSAA==');
INSERT INTO public.seals VALUES (3, 'fc13893ebc6212cbf1d3540691d60e8d1ee2e71b80c37ccb60d809951187cb94', 'tH6TRxDElYwBrrzBOsOy+rPuQnm4t0Jo5TRw8IFCNZo1KXd0lg2qzJzdRSnSvlmCrz828kWteM7B0Pz2uIZrAQ==');
INSERT INTO public.seals VALUES (4, '959ba24e644188e704e2e1392bb1b1ac02a8af9c2b9be2e2b823195b3f4cb913', 'vd9QI5xrA2tgQgUtV3A5swJY1uhuEVQZEtyM327rmtEccEksGA5R9F+wePzpD7ZJUD6KUlZbeSXnsmmZGMT1DQ==');
INSERT INTO public.seals VALUES (5, '9dc2271f8ef80dc8e9f8e1aa147ae0d84301a636fada95c0875b357d0c137ad7', 'yHXUlxu8ucwOA2CRChI8s1PgvKwMB+K5h2PQD4plOzJymBt+cGgfmYFJVQRgbSze7ugbXVSlQYdSmw0LhI7TDA==');
INSERT INTO public.seals VALUES (6, 'a6907279de51e5c3c6c9aae6adb88b30db49708fa5a34c867a878fdc995bf376', '5fn76Pk7CYuO+FtF85Xx0vJDobEcWRh/UKPfNWFQTwETOzOuqHrX3LxJoCsNqyk/EgDmrwpYNzpOEtf5uL8eDQ==');
INSERT INTO public.seals VALUES (7, 'fc222ef0082ef1e03d85ece9b5479748f95088227aca20ee20a0e785067350d9', 'Kttt9o39G4gsOufm3qhqsU/i1Dj91YkJYclDpywtGXyeVCFcjuRJgqvdypbHBIzuVzI8UV1ZJZfN8tTkP289Ag==');
INSERT INTO public.seals VALUES (8, '603d01f4a171e9eb8d605c73709cdf92adb431f0ab30bfbf7aa52a21f76abaf2', '4dG+CwOU7W2eyOcfbs+AkU1oXQtIhoNzY/jKITPqWfJILsdDU1hhgPgp8UL5+5m69tb7hmAUPR1IAL/QLfomDQ==');
INSERT INTO public.seals VALUES (9, 'c317ba364b294021c6b8e852cd6a7cab5c45e2a29d5fe3b8ebead97cd89766be', 'UPtrElR4FY46gvjgk60mJ7/xH52QUaM8pyBl+0+zAbC/U93dBvZQicbVNr8lnhJi8wIcm3nYy50O1W75ayrjAw==');
INSERT INTO public.seals VALUES (10, '1dfb7139428c14efd8a193118a80ce6e2aa81d490a56566bfebcf0b4a67008e0', 'PrZIWd8711b6/VEeLHGdj7aO3ho/bY21nupg4uR9q5j+rEt740b3ptrRvzbz8HP7n3HXEudTVVCJBVoYJAlDCQ==');
INSERT INTO public.seals VALUES (11, '64065991a9d32da9264b5267d61c7765852c26a672cc54fe152ddff739d15e4c', 'XiEtQDu7EAJmxH6uNfFqI2N5dZtdcfmxKQKcG5cbVEZfBCAHtsIzGR60+Brib0iLY9y3R8nERp8ELk+WjMK7Bg==');
INSERT INTO public.seals VALUES (12, '2f65623fa14c74abaeee45343a0726b2183efe8478d4c174ff5861f35ea83e85', '2o5EF7FVea3Oyfsc72+/g0Cey4+fUle0rVyFwOm4DHOOjNZlETC2ddLSwRgMZUqfmSYVd4t17zrm8+Czcb+OCg==');
INSERT INTO public.seals VALUES (13, '885aeb28b4fb162885344b9901e6c1f9d28b8dad6d8beabfffddb80777c7d38b', '/Z4Udnp0WMbHdMVu65HV1POFMAnnVi7+88V3A8+m8NxDvKpGnXLQ/mXBmugQ67Mq9L6SfGZxm8xIpHsgeEsqBw==');
INSERT INTO public.seals VALUES (14, 'fd5fde8c9c8ee5b5dd33a6d95b5e3cd7436ae225c3c1ab933b300afb74d285cb', 'uNcypUbUY0Jr0Pc0WHLMrEiRehS6YQH8cB/x28ebz4wwngQq4yvW8fvrhdWNHD4wLCOC53msxRONyozrqv3bAA==');
INSERT INTO public.seals VALUES (28, 'a3f9504500c3a554de54e959eecf56a8fda8f264859d7fa6c4273151ee45c0c2', 'vh/hMEzAgHFb1XGB9gh4nopaHeqmFsYga7AyWSLQnwwcq5Edq3R7yQa92QPwioWwVPx4LlIToa6bWoUJyMYNDQ==');
INSERT INTO public.security_events VALUES (1, 'officer:admin', 'new_device', '', '2026-11-28 23:47:23.524991+00', 'a6c0f4a6f67265f875882b64762a2555c162317446ac1367bcbcf938d3ed5ebd', false);
INSERT INTO public.sessions VALUES ('1893576258ae001fe64e89daf942c2a2f3559b5a4b28fc05c6f93411ccc7146e', 'officer:admin', '2026-11-28 23:47:18.340493+00', '2026-11-28 23:47:18.87353+00', '', false, NULL);
INSERT INTO public.sessions VALUES ('8cc0a89cef38a07c6a173574682073f9c25e7e96085f1e8246d68d9a262dc63d', 'officer:rahbar', '2026-11-28 23:47:19.604467+00', '2026-11-28 23:47:20.007433+00', '', false, NULL);
INSERT INTO public.sessions VALUES ('a6c0f4a6f67265f875882b64762a2555c162317446ac1367bcbcf938d3ed5ebd', 'officer:admin', '2026-11-28 23:47:23.524991+00', '2026-11-28 23:47:24.092029+00', '', false, NULL);
INSERT INTO public.sessions VALUES ('c55a0e63f4fda87f1805b55ecda9e3fbd7b62ec1b49ce0875580a497c4705bd8', 'member:3412001', '2026-11-28 23:47:25.540812+00', '2026-11-28 23:47:26.066909+00', 'other', false, NULL);
INSERT INTO public.sessions VALUES ('0000bf5a829507d37be2dee4e9561efa0116037f70b77ac43fdfb64e96ebc8f9', 'officer:modir', '2026-11-28 23:47:28.245061+00', '2026-11-28 23:47:28.747323+00', 'other', false, NULL);
SELECT pg_catalog.setval('public.attempts_id_seq', 15, true);
SELECT pg_catalog.setval('public.card_views_id_seq', 1, false);
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.rate_limit_hits_id_seq', 1, false);
SELECT pg_catalog.setval('public.relay_cursor_id_seq', 1, false);
SELECT pg_catalog.setval('public.security_events_id_seq', 1, true);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (account);
ALTER TABLE ONLY public.activation_codes
    ADD CONSTRAINT activation_codes_pkey PRIMARY KEY (account);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.captchas
    ADD CONSTRAINT captchas_pkey PRIMARY KEY (captcha);
ALTER TABLE ONLY public.card_links
    ADD CONSTRAINT card_links_pkey PRIMARY KEY (member);
ALTER TABLE ONLY public.card_links
    ADD CONSTRAINT card_links_token_key UNIQUE (token);
ALTER TABLE ONLY public.card_views
    ADD CONSTRAINT card_views_command_key UNIQUE (command);
ALTER TABLE ONLY public.card_views
    ADD CONSTRAINT card_views_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (source);
ALTER TABLE ONLY public.command_ids
    ADD CONSTRAINT command_ids_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.dropped_events
    ADD CONSTRAINT dropped_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.erasure_requests
    ADD CONSTRAINT erasure_requests_pkey PRIMARY KEY (member);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (member);
ALTER TABLE ONLY public.event_types
    ADD CONSTRAINT event_types_pkey PRIMARY KEY (type, schema_version);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.former_epochs
    ADD CONSTRAINT former_epochs_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.import_changes
    ADD CONSTRAINT import_changes_pkey PRIMARY KEY (import_id, member);
ALTER TABLE ONLY public.import_reports
    ADD CONSTRAINT import_reports_pkey PRIMARY KEY (command);
ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_pkey PRIMARY KEY (token_hash, account);
ALTER TABLE ONLY public.late_events
    ADD CONSTRAINT late_events_pkey PRIMARY KEY (version, source, "position");
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (member);
ALTER TABLE ONLY public.name_beginnings
    ADD CONSTRAINT name_beginnings_pkey PRIMARY KEY (province, beginning, member);
ALTER TABLE ONLY public.officer_request_details
    ADD CONSTRAINT officer_request_details_pkey PRIMARY KEY (request);
ALTER TABLE ONLY public.officer_requests
    ADD CONSTRAINT officer_requests_pkey PRIMARY KEY (request);
ALTER TABLE ONLY public.officers
    ADD CONSTRAINT officers_pkey PRIMARY KEY (officer);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT one_cause_once UNIQUE (stream, event_id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT one_version_once UNIQUE (stream, version);
ALTER TABLE ONLY public.orphaned_events
    ADD CONSTRAINT orphaned_events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.parked_events
    ADD CONSTRAINT parked_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (passkey_id);
ALTER TABLE ONLY public.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (account);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT persons_national_code_key UNIQUE (national_code);
ALTER TABLE ONLY public.persons
    ADD CONSTRAINT persons_pkey PRIMARY KEY (account);
ALTER TABLE ONLY public.projection_versions
    ADD CONSTRAINT projection_versions_pkey PRIMARY KEY (version, source);
ALTER TABLE ONLY public.rate_limit_hits
    ADD CONSTRAINT rate_limit_hits_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reads
    ADD CONSTRAINT reads_pkey PRIMARY KEY (member, at, officer, message, year);
ALTER TABLE ONLY public.rebuilds
    ADD CONSTRAINT rebuilds_pkey PRIMARY KEY (rebuild);
ALTER TABLE ONLY public.reconciliations
    ADD CONSTRAINT reconciliations_pkey PRIMARY KEY (source, at);
ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (account, code_hash);
ALTER TABLE ONLY public.relay_cursor
    ADD CONSTRAINT relay_cursor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.retention_runs
    ADD CONSTRAINT retention_runs_pkey PRIMARY KEY (kind, at);
ALTER TABLE ONLY public.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.second_factors
    ADD CONSTRAINT second_factors_pkey PRIMARY KEY (account);
ALTER TABLE ONLY public.security_events
    ADD CONSTRAINT security_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.unknown_events
    ADD CONSTRAINT unknown_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.used_challenges
    ADD CONSTRAINT used_challenges_pkey PRIMARY KEY (challenge_hash);
CREATE INDEX attempts_by_key ON public.attempts USING btree (key, at);
CREATE INDEX captchas_by_expiry ON public.captchas USING btree (expires_at);
CREATE INDEX captchas_of_network ON public.captchas USING btree (network, expires_at);
CREATE INDEX card_views_of_member ON public.card_views USING btree (member, at);
CREATE INDEX import_changes_by_time ON public.import_changes USING btree (imported_at);
CREATE INDEX import_reports_by_time ON public.import_reports USING btree (reported_at);
CREATE INDEX ix_activation_codes_expires_at ON public.activation_codes USING btree (expires_at);
CREATE INDEX ix_known_devices_account ON public.known_devices USING btree (account);
CREATE INDEX ix_known_devices_seen_at ON public.known_devices USING btree (seen_at);
CREATE INDEX ix_members_province ON public.members USING btree (province);
CREATE INDEX ix_name_beginnings_member ON public.name_beginnings USING btree (member);
CREATE INDEX ix_passkeys_account ON public.passkeys USING btree (account);
CREATE INDEX ix_password_resets_reset_at ON public.password_resets USING btree (reset_at);
CREATE INDEX ix_security_events_account ON public.security_events USING btree (account);
CREATE INDEX ix_security_events_at ON public.security_events USING btree (at);
CREATE INDEX ix_sessions_account ON public.sessions USING btree (account);
CREATE INDEX ix_used_challenges_expires_at ON public.used_challenges USING btree (expires_at);
CREATE UNIQUE INDEX one_rebuild_runs ON public.rebuilds USING btree (status) WHERE ((status)::text = 'running'::text);
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX rate_limit_hits_by_address ON public.rate_limit_hits USING btree (address, at);
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
CREATE INDEX sessions_by_use ON public.sessions USING btree (used_at);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.facts_stay();
