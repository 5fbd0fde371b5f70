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
CREATE TABLE public.members (
    member character varying(12) NOT NULL,
    province character varying(20) NOT NULL,
    member_class character varying(20) NOT NULL,
    licence_fields text NOT NULL,
    licence_expires_on date,
    paid_through integer,
    erased_at timestamp with time zone
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
INSERT INTO public.accounts VALUES ('officer:admin', '$argon2id$v=19$m=19456,t=2,p=1$U0BfDhKFcHwWi9oyHEZkJQ$KOqUL/mpSDsNSHn8e/UnLzykSBgfwywtGvQZtWhZOi4', true, false, '2026-11-28 17:17:41.943828+00');
INSERT INTO public.accounts VALUES ('officer:rahbar', '$argon2id$v=19$m=19456,t=2,p=1$++RrUjZRGZ79xkgdHqWNog$b7Ro3dAB95xAqWt9MTSrZZLVOH8NudQmK/YLhkiVHv4', true, false, '2026-11-28 17:17:47.955327+00');
INSERT INTO public.accounts VALUES ('officer:modir', '$argon2id$v=19$m=19456,t=2,p=1$e6UPg8rBIF0QFVyDAvBEEA$Ljuar3xAm95/tQCZoK73btBfeftw4pLuiQpQGqIlFaE', true, false, '2026-11-28 17:17:49.748815+00');
INSERT INTO public.accounts VALUES ('officer:moaven', '$argon2id$v=19$m=19456,t=2,p=1$CJSuQSmuxXWLlablq5JYCQ$flCokj57GAXhuIFT2fUoWEe/8Mdv0TFfQ138P7sMspw', true, false, '2026-11-28 17:17:50.618524+00');
INSERT INTO public.accounts VALUES ('officer:khazanedar', '$argon2id$v=19$m=19456,t=2,p=1$2IDhwktOtnpa3+WA7IBCUg$KR4Cl99l6jjIomp3C8DTW1ArfF7qp67AdiXkVZrplt4', true, false, '2026-11-28 17:17:51.470194+00');
INSERT INTO public.accounts VALUES ('officer:hesabdar', '$argon2id$v=19$m=19456,t=2,p=1$7XV5fInJ2JeFxgCs8jfzaw$JZuAW56HzQEDrslOGmWTvgBcyeoR30KdexJezInCjDM', true, false, '2026-11-28 17:17:52.205748+00');
INSERT INTO public.accounts VALUES ('officer:modir-fars', '$argon2id$v=19$m=19456,t=2,p=1$prq1uSGh6aiJqQjWDRoByw$jykOIoP/5TWJxO9SGk85wcfGYMn4CesrZOs5WN8BRCU', true, false, '2026-11-28 17:17:53.118011+00');
INSERT INTO public.accounts VALUES ('officer:bazres', '$argon2id$v=19$m=19456,t=2,p=1$3ZEokGmLdZiN8cR9HrImug$jKFBeHJMhK+jCT2rlzhR+xqazxMb2jTexpdrqzjKxvY', true, false, '2026-11-28 17:17:53.962743+00');
INSERT INTO public.accounts VALUES ('member:3412001', '$argon2id$v=19$m=19456,t=2,p=1$39MtFojoeHGFOxgCFvGDBA$YOi3ixZOQFkylPjcsimd3jY/KnpWcw8PaQSYTeDW/sw', false, false, '2026-11-28 17:17:58.711013+00');
INSERT INTO public.command_ids VALUES ('a24ecd42-5393-5444-a2cc-128b04265adc', '207c0ff963639574e4559776fad73502d1678e913f305afa09a381e286abfc9d', '2026-11-28 17:17:41.943828+00');
INSERT INTO public.command_ids VALUES ('87b71b8d-32ac-43fe-91b1-9aa15b589b54', '9e26828f41c9318784c6123925ef039ce22ac36af2159728042d789d87ba2336', '2026-11-28 17:17:47.955327+00');
INSERT INTO public.command_ids VALUES ('43fcd0de-57e9-43f0-9a3d-3d5ed8653de3', '212c5f8af210faf7557a6cdbcb2774722a9c582728043568f46acdc801cf4c70', '2026-11-28 17:17:49.444086+00');
INSERT INTO public.command_ids VALUES ('5dd6d345-7358-4839-a2de-aa3f3c97b120', '8b4907db3ab45352b0ed024f141729bb0b194bfbb1de1cdef8e5dbab24ed7d92', '2026-11-28 17:17:49.748815+00');
INSERT INTO public.command_ids VALUES ('f1576dce-7f4b-4859-9851-7f9b34704903', 'e49dd82034625d87fb3e579655e46bdc9930aca7c5b7d17d95b07b3fb0bb4386', '2026-11-28 17:17:49.967923+00');
INSERT INTO public.command_ids VALUES ('61de5a17-1c63-4e5b-9194-a097acfc6520', 'cd234b0b4ed04a4ac53ba07057fdd0287e100a6862a6e2fe699d0408c1c36cb8', '2026-11-28 17:17:50.618524+00');
INSERT INTO public.command_ids VALUES ('dc37750a-1878-431b-8d3f-774f299b6171', '97c2d76bf979dbe9e73dda1483237c8fdb450db36c559aa3e60da7b0282c793e', '2026-11-28 17:17:50.886528+00');
INSERT INTO public.command_ids VALUES ('c0447585-f574-479d-93f1-35c64a0b02fc', '52b6d7307a67d2157c5b414f19745d6144b4d8dbbd38618880f4f69de43b786a', '2026-11-28 17:17:51.470194+00');
INSERT INTO public.command_ids VALUES ('abd6e2e1-9e5a-44ac-9d5f-c3ba420c6bbd', '704fa44a2893079f54dcb3f4fd33c736ceb1e8dce6767fdf4c2c3bc1172892f0', '2026-11-28 17:17:51.69444+00');
INSERT INTO public.command_ids VALUES ('1f4af2d0-9ed2-407f-8fdb-bcc6b78795ae', 'dcb9d16c2a5b88842da092c0a61642a6f8e23db0c20d278c72209dbbbf914654', '2026-11-28 17:17:52.205748+00');
INSERT INTO public.command_ids VALUES ('3269ff53-c4a1-4233-a656-66d9318f438b', '5c3e28c01c91884663428f472462caf17aacfb9b076a5c7e3b40a6dd1f24ea8a', '2026-11-28 17:17:52.454547+00');
INSERT INTO public.command_ids VALUES ('14a765bc-665c-48f5-be4e-4aca6ded8b4a', '0758e2957d8c92186396a1631b3715cc881cfb35c1d1ce8d567478524ddfab05', '2026-11-28 17:17:53.118011+00');
INSERT INTO public.command_ids VALUES ('f8bcc207-ab1d-4cfe-b74f-6823eeaad742', 'ade230c22aa37ba18d428ad7b020eeba18f661dd3cb40a8cc47330386f9512f8', '2026-11-28 17:17:53.46826+00');
INSERT INTO public.command_ids VALUES ('69b80acd-aab2-4750-8151-e78c5e670fd0', '161555a5b836bab2fc5385cc8f83077ca71b21fb50989453d9d3aecd32f6536f', '2026-11-28 17:17:53.962743+00');
INSERT INTO public.command_ids VALUES ('01955eb0-0c5a-43dd-8f7d-40c86edc0efb', '9beacb604bd31a246908d7924cf7be0563c0bd59c0f16e1d361e04224b1e2737', '2026-11-28 17:17:54.128572+00');
INSERT INTO public.events VALUES (1, 'officer/admin', 1, 'd48089dd-8de7-520b-aa3f-63c05914f161', 'OfficerAppointed', '{"officer":"admin","roles":["admin"],"provinces":["alborz","ardabil","bushehr","chaharmahalbakhtiari","eastazerbaijan","fars","gilan","golestan","hamadan","hormozgan","ilam","isfahan","kerman","kermanshah","khuzestan","kohgiluyehboyerahmad","kurdistan","lorestan","markazi","mazandaran","northkhorasan","qazvin","qom","razavikhorasan","semnan","sistanbaluchestan","southkhorasan","tehran","westazerbaijan","yazd","zanjan"],"appointed_by":"program:auth","appointed_at":"2026-11-28T17:17:41.943828Z","request":null,"granted_by":""}', '{"correlation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","causation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","actor":"program:auth","traceparent":""}', '2026-11-28 17:17:42.722139+00');
INSERT INTO public.events VALUES (2, 'officer/rahbar', 1, '4bbeb7b2-91d7-52b3-a821-f6d7a459db95', 'OfficerAppointed', '{"officer":"rahbar","roles":["admin"],"provinces":["fars","isfahan"],"appointed_by":"officer:admin","appointed_at":"2026-11-28T17:17:47.955327Z","request":null,"granted_by":""}', '{"correlation_id":"87b71b8d-32ac-43fe-91b1-9aa15b589b54","causation_id":"87b71b8d-32ac-43fe-91b1-9aa15b589b54","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:48.163288+00');
INSERT INTO public.events VALUES (3, 'officer/modir', 1, 'd2db0986-71f6-5616-a77d-a53193f455c0', 'AppointmentRequested', '{"officer":"modir","request":"43fcd0de-57e9-43f0-9a3d-3d5ed8653de3","roles":["finance","manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:17:49.444086Z"}', '{"correlation_id":"43fcd0de-57e9-43f0-9a3d-3d5ed8653de3","causation_id":"43fcd0de-57e9-43f0-9a3d-3d5ed8653de3","actor":"officer:rahbar","traceparent":""}', '2026-11-28 17:17:49.609312+00');
INSERT INTO public.events VALUES (4, 'officer/modir', 2, '74f0d432-e043-5c27-ae9b-4b27f5d1b054', 'OfficerAppointed', '{"officer":"modir","roles":["finance","manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:17:49.748815Z","request":"43fcd0de-57e9-43f0-9a3d-3d5ed8653de3","granted_by":"officer:admin"}', '{"correlation_id":"5dd6d345-7358-4839-a2de-aa3f3c97b120","causation_id":"5dd6d345-7358-4839-a2de-aa3f3c97b120","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:49.775583+00');
INSERT INTO public.events VALUES (5, 'officer/moaven', 1, 'a49fb951-9eba-5dc4-88c8-5bac32883abe', 'AppointmentRequested', '{"officer":"moaven","request":"f1576dce-7f4b-4859-9851-7f9b34704903","roles":["manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:17:49.967923Z"}', '{"correlation_id":"f1576dce-7f4b-4859-9851-7f9b34704903","causation_id":"f1576dce-7f4b-4859-9851-7f9b34704903","actor":"officer:rahbar","traceparent":""}', '2026-11-28 17:17:50.488674+00');
INSERT INTO public.events VALUES (6, 'officer/moaven', 2, 'eeb56c97-2258-5794-9f8e-43051c5f3361', 'OfficerAppointed', '{"officer":"moaven","roles":["manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:17:50.618524Z","request":"f1576dce-7f4b-4859-9851-7f9b34704903","granted_by":"officer:admin"}', '{"correlation_id":"61de5a17-1c63-4e5b-9194-a097acfc6520","causation_id":"61de5a17-1c63-4e5b-9194-a097acfc6520","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:50.676317+00');
INSERT INTO public.events VALUES (7, 'officer/khazanedar', 1, 'ebe8200e-a2a0-53da-82a2-ce7ac81e9186', 'AppointmentRequested', '{"officer":"khazanedar","request":"dc37750a-1878-431b-8d3f-774f299b6171","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:17:50.886528Z"}', '{"correlation_id":"dc37750a-1878-431b-8d3f-774f299b6171","causation_id":"dc37750a-1878-431b-8d3f-774f299b6171","actor":"officer:rahbar","traceparent":""}', '2026-11-28 17:17:51.253407+00');
INSERT INTO public.events VALUES (8, 'officer/khazanedar', 2, 'bc0eedbe-afee-5b7a-a760-f502c0abc396', 'OfficerAppointed', '{"officer":"khazanedar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:17:51.470194Z","request":"dc37750a-1878-431b-8d3f-774f299b6171","granted_by":"officer:admin"}', '{"correlation_id":"c0447585-f574-479d-93f1-35c64a0b02fc","causation_id":"c0447585-f574-479d-93f1-35c64a0b02fc","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:51.492229+00');
INSERT INTO public.events VALUES (9, 'officer/hesabdar', 1, '53bea67c-22b5-52ca-a890-720a56d74f41', 'AppointmentRequested', '{"officer":"hesabdar","request":"abd6e2e1-9e5a-44ac-9d5f-c3ba420c6bbd","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:17:51.694440Z"}', '{"correlation_id":"abd6e2e1-9e5a-44ac-9d5f-c3ba420c6bbd","causation_id":"abd6e2e1-9e5a-44ac-9d5f-c3ba420c6bbd","actor":"officer:rahbar","traceparent":""}', '2026-11-28 17:17:52.041142+00');
INSERT INTO public.events VALUES (10, 'officer/hesabdar', 2, '9707c250-9db5-5aec-94e0-fbe17900301f', 'OfficerAppointed', '{"officer":"hesabdar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:17:52.205748Z","request":"abd6e2e1-9e5a-44ac-9d5f-c3ba420c6bbd","granted_by":"officer:admin"}', '{"correlation_id":"1f4af2d0-9ed2-407f-8fdb-bcc6b78795ae","causation_id":"1f4af2d0-9ed2-407f-8fdb-bcc6b78795ae","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:52.216753+00');
INSERT INTO public.events VALUES (11, 'officer/modir-fars', 1, '2125d184-9cc9-5fdf-a96a-18a3d2bfe6d3', 'AppointmentRequested', '{"officer":"modir-fars","request":"3269ff53-c4a1-4233-a656-66d9318f438b","roles":["finance","manager"],"provinces":["fars"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:17:52.454547Z"}', '{"correlation_id":"3269ff53-c4a1-4233-a656-66d9318f438b","causation_id":"3269ff53-c4a1-4233-a656-66d9318f438b","actor":"officer:rahbar","traceparent":""}', '2026-11-28 17:17:52.864608+00');
INSERT INTO public.events VALUES (12, 'officer/modir-fars', 2, 'cefb8dd3-57d3-5db7-91e1-38b1100dcb2f', 'OfficerAppointed', '{"officer":"modir-fars","roles":["finance","manager"],"provinces":["fars"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:17:53.118011Z","request":"3269ff53-c4a1-4233-a656-66d9318f438b","granted_by":"officer:admin"}', '{"correlation_id":"14a765bc-665c-48f5-be4e-4aca6ded8b4a","causation_id":"14a765bc-665c-48f5-be4e-4aca6ded8b4a","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:53.146582+00');
INSERT INTO public.events VALUES (13, 'officer/bazres', 1, '8db27e8d-66df-5422-9995-ffac376a5bac', 'AppointmentRequested', '{"officer":"bazres","request":"f8bcc207-ab1d-4cfe-b74f-6823eeaad742","roles":["auditor"],"provinces":["fars","isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T17:17:53.468260Z"}', '{"correlation_id":"f8bcc207-ab1d-4cfe-b74f-6823eeaad742","causation_id":"f8bcc207-ab1d-4cfe-b74f-6823eeaad742","actor":"officer:rahbar","traceparent":""}', '2026-11-28 17:17:53.849503+00');
INSERT INTO public.events VALUES (14, 'officer/bazres', 2, '0ff19272-ca29-58a9-b0fe-f6b81d1dbd1f', 'OfficerAppointed', '{"officer":"bazres","roles":["auditor"],"provinces":["fars","isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T17:17:53.962743Z","request":"f8bcc207-ab1d-4cfe-b74f-6823eeaad742","granted_by":"officer:admin"}', '{"correlation_id":"69b80acd-aab2-4750-8151-e78c5e670fd0","causation_id":"69b80acd-aab2-4750-8151-e78c5e670fd0","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:53.975381+00');
INSERT INTO public.events VALUES (15, 'member/3412001', 1, '43fc7cd8-01fc-5485-b89c-fa9e81f887a1', 'MemberEnrolled', '{"member":"3412001","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.246453+00');
INSERT INTO public.events VALUES (16, 'member/3412002', 1, '8de0bf20-9e90-5c8b-b701-46ce5ba9cb97', 'MemberEnrolled', '{"member":"3412002","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"},"paid_through":1402,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.261148+00');
INSERT INTO public.events VALUES (17, 'member/3412003', 1, '7a75f993-9fc6-5c73-936c-02488600a5c0', 'MemberEnrolled', '{"member":"3412003","province":"isfahan","licence":{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.275401+00');
INSERT INTO public.events VALUES (18, 'member/3412004', 1, '7e23c4e3-8f2e-5739-adb8-821478a4e6d5', 'MemberEnrolled', '{"member":"3412004","province":"isfahan","licence":{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.302432+00');
INSERT INTO public.events VALUES (19, 'member/3412005', 1, 'd7bf6760-1b1e-5cf3-82af-d7669be378a5', 'MemberEnrolled', '{"member":"3412005","province":"isfahan","licence":{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.316926+00');
INSERT INTO public.events VALUES (20, 'member/3412006', 1, '9c538105-94b3-5f6d-81f6-99133298111a', 'MemberEnrolled', '{"member":"3412006","province":"isfahan","licence":{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"},"paid_through":1403,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.340544+00');
INSERT INTO public.events VALUES (21, 'member/3412007', 1, '17845d55-473e-5a1e-b305-a0ec691684f6', 'MemberEnrolled', '{"member":"3412007","province":"isfahan","licence":{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.349108+00');
INSERT INTO public.events VALUES (22, 'member/3412008', 1, '36ad02a8-664c-5002-8a22-638ec44f4ed0', 'MemberEnrolled', '{"member":"3412008","province":"isfahan","licence":{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.356152+00');
INSERT INTO public.events VALUES (23, 'member/0412009', 1, '48e98ea2-3e33-552d-a141-0af3f54c372b', 'MemberEnrolled', '{"member":"0412009","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.363074+00');
INSERT INTO public.events VALUES (24, 'member/3412010', 1, 'd4fc797d-5e62-56da-b575-a1ff5edf9a5b', 'MemberEnrolled', '{"member":"3412010","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":null,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.381469+00');
INSERT INTO public.events VALUES (25, 'member/3412011', 1, '6df981b4-5087-5aa4-b955-173187cbcd27', 'MemberEnrolled', '{"member":"3412011","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.392814+00');
INSERT INTO public.events VALUES (26, 'member/3412012', 1, 'c88b18c9-c5ab-54b1-82c4-95ec205eddc3', 'MemberEnrolled', '{"member":"3412012","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1401,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.405573+00');
INSERT INTO public.events VALUES (27, 'member/5117001', 1, '0074c132-ab97-53d2-bf9b-94ed7d077c1c', 'MemberEnrolled', '{"member":"5117001","province":"fars","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.412467+00');
INSERT INTO public.events VALUES (28, 'member/5117002', 1, '29df5575-e53b-596d-a505-0745b6b653c2', 'MemberEnrolled', '{"member":"5117002","province":"fars","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T17:17:54.128572Z"}', '{"correlation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","causation_id":"01955eb0-0c5a-43dd-8f7d-40c86edc0efb","actor":"officer:admin","traceparent":""}', '2026-11-28 17:17:54.420364+00');
INSERT INTO public.import_reports VALUES ('01955eb0-0c5a-43dd-8f7d-40c86edc0efb', '{"rows":[{"row":1,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":2,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":3,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":4,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":5,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":6,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":7,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":8,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":9,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":10,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":11,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":12,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":13,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":14,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""}]}', '2026-11-28 17:17:54.128572+00');
INSERT INTO public.known_devices VALUES ('3751d825c9f18089387c4d4ec30632c4e54ba0674862c898c28410365cdbf08b', 'officer:admin', '2026-11-28 17:17:47.204399+00');
INSERT INTO public.known_devices VALUES ('56ab3fab9e9a37c58cf142028976883d66fdc0fd90d70d714286f8c39ff3e916', 'officer:rahbar', '2026-11-28 17:17:48.621415+00');
INSERT INTO public.known_devices VALUES ('da3b3f7d5db6cc06e79d0f7df56bff94fb9cd60a7f9d336f07d1bd8e65556f7f', 'officer:admin', '2026-11-28 17:17:55.214211+00');
INSERT INTO public.known_devices VALUES ('33be6b8a0cb557a139dbde2782f98020395f30957288d240d0fa81d85b7f3a54', 'member:3412001', '2026-11-28 17:17:58.711013+00');
INSERT INTO public.known_devices VALUES ('a207198a887df8dfcdc6b8298f2a0c74f105dd1de791ba99934049d073a16054', 'officer:modir', '2026-11-28 17:18:04.8292+00');
INSERT INTO public.log_head VALUES (1, 28);
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
INSERT INTO public.reads VALUES ('', '2026-11-28 17:10:00+00', 'admin', 'ReadEvents', 0, 'admin');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 17:10:00+00', 'modir', 'GetMemberNames', 0, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 17:10:00+00', 'modir', 'GetMember', 0, 'finance manager');
INSERT INTO public.relay_cursor VALUES (1, 28, '775c8392cf45b9cf3dca5b17f296ea478b38b86d10c175ac17b8e29e1d685e82');
INSERT INTO public.retention_runs VALUES ('card_views', '2026-11-28 17:17:42.947768+00', 0);
INSERT INTO public.retention_runs VALUES ('import_changes', '2026-11-28 17:17:42.947768+00', 0);
INSERT INTO public.retention_runs VALUES ('reads', '2026-11-28 17:17:42.947768+00', 0);
INSERT INTO public.retention_runs VALUES ('import_reports', '2026-11-28 17:17:42.947768+00', 0);
INSERT INTO public.seals VALUES (1, '23cb1d0e574a7d86800129f49336e6b650e3fe3733a043cd14d3428c2bbcb92f', 'ddRgoTYpCrApZ0y1wChMlPMGOIhg3KhmjK/5xZ2WuNTH4ySodQl3b3/uRf9iXU9BjEmq3S0sC1JHDmiQLqOMDg==');
INSERT INTO public.seals VALUES (2, 'a2fcb0364f218e8bd7e73536a6f3e880ac2c2f5996ee8bc918052b24f69d0ba9', 'ppcbNdXvUFf4ZJv1Z4T4pP2UerTa5ti99//+Ouo5HhoEBqexxsDAG2oSf5P5nI+hJJfg1JUo+SfWKiz0/NvjAQ==');
INSERT INTO public.seals VALUES (3, '1b17e9fb34f990ced9571d19b2c495081c2795e89c1514903616b4990c6b4a79', 'Fm7WRjakg/3ASXjCEPqDgMtLFzIwuu1gj0Jix2/LAan+TQ0s/dPIAtYdfmfW1w++3rbqhApXdxgGGxvuEy/nBQ==');
INSERT INTO public.seals VALUES (4, 'df3727893c199a4ddb025111c274156a48820ddf345eaadce89205dbc10402d4', 'AUlwzcuxCnN5MF+2PMCGvoYhRGcp3niCzHPfFC9Jq4YRo0I19X2+EhFQir2JX8M8AScDD7FYSanPoXlsAXGiDg==');
INSERT INTO public.seals VALUES (5, '344e5ce425116490e72e35864f64d0028dc7cd1e0cf44b69fc9e210678055ba7', 'Oe+PzcdiId9HqSkgMXjeMUgKYEmrZj1MPH/TvOtcq5jxi796OKWCR+dwrdyNJP8szwfO5KNtn/ECjUd7GfGvBA==');
INSERT INTO public.seals VALUES (6, '9757bca3991ae6695ac0d00e8f10a6e5d65b787e44e38b888c303f19b0c7e2b0', 'pVaInNhocsNy22yExj4oXlNDmOstsn0eM4xBzXWHrzmANxXfqBpoiw+6BpGOBZR5zZfrzslKGc1a1QENJaeSAw==');
INSERT INTO public.seals VALUES (7, '3cf424918644f93a8786082263e7a10c49507c38f4b8c0a42224e403ee4a788a', 'ff5o/9fG36JLo0ALY5iYAhVjTpbAa4aTuSU9CYu4TUexB+lDsWw2XFBvRf0xkcCHwYV5zpMvirOtOXVrbPkvDw==');
INSERT INTO public.seals VALUES (8, '6ca28b9fc24ab141121c99261a71b772c221c023fbd010fff66df586845845f5', 'jbtW6gvBrNKQpQ0mACZ6cU/e2sxT6ky12Q51OibSUCuZY9dJyqlEOg/TLypqMDmm61WIS2CiDI7oAg3RnVR8Ag==');
INSERT INTO public.seals VALUES (9, 'd8b88fa71306853e907dcde9c3d3c3fb066c2342c1801bbeecbfda019dca9f20', 'JS58D0ZLJCasQPxc0tE8u8GuDGbdS6eHGfIw8Yf+yjjTiNjo8UIo/LZrn2mUBh+1Y48hlhj18jh2b9fWYum3Bw==');
INSERT INTO public.seals VALUES (10, '21cb816385f50fb88d8ce093f347179a6048d846b4575d0c5416e35ccde44353', 'GRUHJJLgWmyEFTO3aPQllXl+S9sQU4CSMAWboGGrJ/YXzL1Ue6fnzYg3ElCgcls6eqk8vysaIEBBPkeyX7JuAg==');
INSERT INTO public.seals VALUES (11, 'dda75ea4d327cfe9ec82c9e498aa259f213aed2fbabdefaf25967f952834bcb6', 'lVEOrvKr/HAE6KkuB0e/qAheNnYvMqfrnpKLfrbYuMQXKtipwYHJjL9mzHTHtUCH1mM2UV92MapncyHFlxHPBQ==');
INSERT INTO public.seals VALUES (12, 'bcb92450d4afe835751f748379d6cd4262c43f78631fdbd907dacd50ab89cff8', 'tQTeLwIkmDEulDoq85uASvA23uDtuT0obQbAW1JdqZEiIAo+bK83XBq5AccjTb9EUU2neX5lTJFpvV9e7Lc1BA==');
INSERT INTO public.seals VALUES (13, '26045a7066351f7119258a80afa6330b5ee7c18e241bf3bb68b6435a6526abd8', 'A629mmLwP2eVUZasa1U8k4i0Lj3FAliFJsjrOuGmznbmgdr0aQZlJHyWTohgO9Nsr5PhZ5xsplN3wN+aU3k4Aw==');
INSERT INTO public.seals VALUES (14, '70bad0599f4f81f7d4329c474fe4ed19138d10c8e847b5c91f615f262cf426e1', 'iNbvQZCtQEuks9oxe5LRWoS4PZSshVa0YzW1oEccIEK3dbibqAyAOihHEU+wDL/yiExLuAhW6Z9VlxAZhY8MCQ==');
INSERT INTO public.seals VALUES (28, '775c8392cf45b9cf3dca5b17f296ea478b38b86d10c175ac17b8e29e1d685e82', '4vFTIFVRNsiIE1buUOs0OTo3/S80bvDlYZEKXto9zewQ72ahtI7OTsxCBV8l9L+Vp3KRkaOZaqCI96UjHq2jDQ==');
INSERT INTO public.security_events VALUES (1, 'officer:admin', 'new_device', '', '2026-11-28 17:17:55.214211+00', '2d1d604da71a6dc42efef1afecf50ed520a3e2ca587f5b7c985a93475e5e6e52', false);
INSERT INTO public.sessions VALUES ('89cd7b092c721fd33985db5fa48d08f882d4956609a1d6ed5a474b8e560f59d9', 'officer:admin', '2026-11-28 17:17:47.204399+00', '2026-11-28 17:17:47.739036+00', '', false, NULL);
INSERT INTO public.sessions VALUES ('8a994d0972e5c71cb62f3325379396d4976ba06223ad8c3e3671363c63ff6c99', 'officer:rahbar', '2026-11-28 17:17:48.621415+00', '2026-11-28 17:17:49.350122+00', '', false, NULL);
INSERT INTO public.sessions VALUES ('2d1d604da71a6dc42efef1afecf50ed520a3e2ca587f5b7c985a93475e5e6e52', 'officer:admin', '2026-11-28 17:17:55.214211+00', '2026-11-28 17:17:56.173767+00', '', false, NULL);
INSERT INTO public.sessions VALUES ('c6b8cb18b53358d99dc3885f47ffe823e0b66f9cb2c490f3eeab95ba30d37406', 'member:3412001', '2026-11-28 17:17:58.711013+00', '2026-11-28 17:17:59.996465+00', 'other', false, NULL);
INSERT INTO public.sessions VALUES ('9fd9bbba9e59ac61d9348a9fd0d86b4cb283bb00b7711a70e660e2b3cec68f21', 'officer:modir', '2026-11-28 17:18:04.8292+00', '2026-11-28 17:18:05.347347+00', 'other', false, NULL);
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
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.import_changes
    ADD CONSTRAINT import_changes_pkey PRIMARY KEY (import_id, member);
ALTER TABLE ONLY public.import_reports
    ADD CONSTRAINT import_reports_pkey PRIMARY KEY (command);
ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_pkey PRIMARY KEY (token_hash, account);
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (member);
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
ALTER TABLE ONLY public.rate_limit_hits
    ADD CONSTRAINT rate_limit_hits_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.reads
    ADD CONSTRAINT reads_pkey PRIMARY KEY (member, at, officer, message, year);
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
CREATE INDEX ix_passkeys_account ON public.passkeys USING btree (account);
CREATE INDEX ix_password_resets_reset_at ON public.password_resets USING btree (reset_at);
CREATE INDEX ix_security_events_account ON public.security_events USING btree (account);
CREATE INDEX ix_security_events_at ON public.security_events USING btree (at);
CREATE INDEX ix_sessions_account ON public.sessions USING btree (account);
CREATE INDEX ix_used_challenges_expires_at ON public.used_challenges USING btree (expires_at);
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX rate_limit_hits_by_address ON public.rate_limit_hits USING btree (address, at);
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
CREATE INDEX sessions_by_use ON public.sessions USING btree (used_at);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.facts_stay();
