CREATE FUNCTION public.facts_stay() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN RAISE EXCEPTION 'events are never changed or deleted'; END $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.calendar_days (
    province character varying(20) NOT NULL,
    "on" date NOT NULL,
    opens time without time zone,
    closes time without time zone,
    label character varying(120) NOT NULL,
    seeded boolean NOT NULL
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
CREATE TABLE public.decisions (
    "position" integer NOT NULL,
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    outcome character varying(12) NOT NULL,
    decided_by character varying(60) NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    note uuid
);
CREATE TABLE public.declarations (
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    version integer NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    form text NOT NULL
);
CREATE TABLE public.drafts (
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    fields text NOT NULL,
    kept_at timestamp with time zone NOT NULL
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
    licence text NOT NULL
);
CREATE TABLE public.mine_claims (
    mine text NOT NULL,
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    cadastre_code character varying(30) NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    claimed_at timestamp with time zone NOT NULL
);
CREATE TABLE public.notes (
    note uuid NOT NULL,
    member character varying(12),
    text text NOT NULL,
    written_at timestamp with time zone NOT NULL
);
CREATE TABLE public.officer_set_ups (
    officer character varying(60) NOT NULL,
    by character varying(60) NOT NULL,
    at timestamp with time zone NOT NULL,
    is_alone boolean NOT NULL
);
CREATE TABLE public.officers (
    officer character varying(60) NOT NULL,
    is_admin boolean NOT NULL
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
CREATE TABLE public.reconciliations (
    source character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    by character varying(60) NOT NULL,
    from_position bigint NOT NULL,
    from_epoch character varying(36) NOT NULL,
    to_position bigint NOT NULL,
    to_epoch character varying(36) NOT NULL
);
CREATE TABLE public.register_history (
    member character varying(12) NOT NULL,
    "position" integer NOT NULL,
    member_class character varying(20) NOT NULL,
    paid_through integer,
    changed_at timestamp with time zone NOT NULL
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
CREATE TABLE public.renewals (
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    province character varying(20) NOT NULL,
    licence text NOT NULL,
    status character varying(12) NOT NULL,
    tracking_code character varying(12) NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    review_due_at timestamp with time zone,
    desk_place timestamp with time zone,
    employment text,
    jobs text NOT NULL
);
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
INSERT INTO public.alembic_version VALUES ('0002_from_0001');
INSERT INTO public.calendar_days VALUES ('*', '2025-01-14', NULL, NULL, 'ولادت امام علی علیه السلام و روز پدر', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-01-28', NULL, NULL, 'مبعث رسول اکرم (ص)', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-02-10', NULL, NULL, 'پیروزی انقلاب اسلامی', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-02-14', NULL, NULL, 'ولادت حضرت قائم عجل الله تعالی فرجه و جشن نیمه شعبان', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-03-19', NULL, NULL, 'روز ملی شدن صنعت نفت ایران', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-03-20', NULL, NULL, 'آخرین روز سال', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-03-21', NULL, NULL, 'جشن نوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-03-22', NULL, NULL, 'شهادت حضرت علی علیه السلام; عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-03-23', NULL, NULL, 'عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-03-24', NULL, NULL, 'عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-03-31', NULL, NULL, 'عید سعید فطر', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-04-01', NULL, NULL, 'تعطیل به مناسبت عید سعید فطر; روز جمهوری اسلامی', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-04-02', NULL, NULL, 'روز طبیعت', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-04-24', NULL, NULL, 'شهادت امام جعفر صادق علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-06-04', NULL, NULL, 'رحلت حضرت امام خمینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-06-05', NULL, NULL, 'قیام 15 خرداد', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-06-06', NULL, NULL, 'عید سعید قربان', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-06-14', NULL, NULL, 'عید سعید غدیر خم', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-07-05', NULL, NULL, 'تاسوعای حسینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-07-06', NULL, NULL, 'عاشورای حسینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-08-14', NULL, NULL, 'اربعین حسینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-08-22', NULL, NULL, 'رحلت رسول اکرم؛شهادت امام حسن مجتبی علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-08-24', NULL, NULL, 'شهادت امام رضا علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-09-01', NULL, NULL, 'شهادت امام حسن عسکری علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-09-10', NULL, NULL, 'میلاد رسول اکرم و امام جعفر صادق علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2025-11-24', NULL, NULL, 'شهادت حضرت فاطمه زهرا سلام الله علیها', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-01-03', NULL, NULL, 'ولادت امام علی علیه السلام و روز پدر', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-01-17', NULL, NULL, 'مبعث رسول اکرم (ص)', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-02-04', NULL, NULL, 'ولادت حضرت قائم عجل الله تعالی فرجه و جشن نیمه شعبان', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-02-11', NULL, NULL, 'پیروزی انقلاب اسلامی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-01', NULL, NULL, 'تعطیلی عمومی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-02', NULL, NULL, 'تعطیلی عمومی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-03', NULL, NULL, 'تعطیلی عمومی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-04', NULL, NULL, 'تعطیلی عمومی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-05', NULL, NULL, 'تعطیلی عمومی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-06', NULL, NULL, 'تعطیلی عمومی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-07', NULL, NULL, 'تعطیلی عمومی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-11', NULL, NULL, 'شهادت حضرت علی علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-20', NULL, NULL, 'روز ملی شدن صنعت نفت ایران', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-21', NULL, NULL, 'جشن نوروز; عید سعید فطر', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-22', NULL, NULL, 'تعطیل به مناسبت عید سعید فطر; عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-23', NULL, NULL, 'عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-03-24', NULL, NULL, 'عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-04-01', NULL, NULL, 'روز جمهوری اسلامی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-04-02', NULL, NULL, 'روز طبیعت', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-04-14', NULL, NULL, 'شهادت امام جعفر صادق علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-05-27', NULL, NULL, 'عید سعید قربان', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-06-04', NULL, NULL, 'رحلت حضرت امام خمینی; عید سعید غدیر خم', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-06-05', NULL, NULL, 'قیام 15 خرداد', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-06-24', NULL, NULL, 'تاسوعای حسینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-06-25', NULL, NULL, 'عاشورای حسینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-08-04', NULL, NULL, 'اربعین حسینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-08-12', NULL, NULL, 'رحلت رسول اکرم؛شهادت امام حسن مجتبی علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-08-13', NULL, NULL, 'شهادت امام رضا علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-08-21', NULL, NULL, 'شهادت امام حسن عسکری علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-08-30', NULL, NULL, 'میلاد رسول اکرم و امام جعفر صادق علیه السلام', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-11-13', NULL, NULL, 'شهادت حضرت فاطمه زهرا سلام الله علیها', true);
INSERT INTO public.calendar_days VALUES ('*', '2026-12-23', NULL, NULL, 'ولادت امام علی علیه السلام و روز پدر', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-01-06', NULL, NULL, 'مبعث رسول اکرم (ص) (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-01-24', NULL, NULL, 'ولادت حضرت قائم عجل الله تعالی فرجه و جشن نیمه شعبان (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-02-11', NULL, NULL, 'پیروزی انقلاب اسلامی', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-01', NULL, NULL, 'شهادت حضرت علی علیه السلام (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-10', NULL, NULL, 'عید سعید فطر (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-11', NULL, NULL, 'تعطیل به مناسبت عید سعید فطر (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-20', NULL, NULL, 'روز ملی شدن صنعت نفت ایران', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-21', NULL, NULL, 'جشن نوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-22', NULL, NULL, 'عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-23', NULL, NULL, 'عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-03-24', NULL, NULL, 'عیدنوروز', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-04-01', NULL, NULL, 'روز جمهوری اسلامی', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-04-02', NULL, NULL, 'روز طبیعت', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-04-03', NULL, NULL, 'شهادت امام جعفر صادق علیه السلام (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-05-17', NULL, NULL, 'عید سعید قربان (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-05-25', NULL, NULL, 'عید سعید غدیر خم (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-06-04', NULL, NULL, 'رحلت حضرت امام خمینی', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-06-05', NULL, NULL, 'قیام 15 خرداد', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-06-15', NULL, NULL, 'تاسوعای حسینی (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-06-16', NULL, NULL, 'عاشورای حسینی (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-07-25', NULL, NULL, 'اربعین حسینی (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-08-02', NULL, NULL, 'رحلت رسول اکرم؛شهادت امام حسن مجتبی علیه السلام (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-08-03', NULL, NULL, 'شهادت امام رضا علیه السلام (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-08-11', NULL, NULL, 'شهادت امام حسن عسکری علیه السلام (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-08-20', NULL, NULL, 'میلاد رسول اکرم و امام جعفر صادق علیه السلام (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-11-03', NULL, NULL, 'شهادت حضرت فاطمه زهرا سلام الله علیها (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-12-12', NULL, NULL, 'ولادت امام علی علیه السلام و روز پدر (تخمینی)', true);
INSERT INTO public.calendar_days VALUES ('*', '2027-12-26', NULL, NULL, 'مبعث رسول اکرم (ص) (تخمینی)', true);
INSERT INTO public.checkpoints VALUES ('auth', 28, 'a3f9504500c3a554de54e959eecf56a8fda8f264859d7fa6c4273151ee45c0c2', '0cca7ed5-c7ef-4687-b2f6-2859acdec9b5', '186a4d9c-e9c0-52a2-812c-9de4fbc8a131', 1);
INSERT INTO public.command_ids VALUES ('6eb9c8fc-bcff-4de9-bdc2-d49735c093c7', '8b3247ef2fb4a8d9a480917dbab3dff459bf3cb33cfbe7d5a6278f23a1e08677', '2026-11-28 23:47:26.513134+00');
INSERT INTO public.command_ids VALUES ('e17997ad-d388-408e-bdab-7b23b83291f3', '1f8d31757880c7a5170d262a7fb158316960d575d2e207e19cbc29386c3a59e0', '2026-11-28 23:47:27.657377+00');
INSERT INTO public.command_ids VALUES ('08dbad4b-f262-4d06-aef3-2c3d56fd6a30', '2ef8d78290990206f2210eeae410743e8c9c59000dac420c183bcd4765679cfd', '2026-11-28 23:47:29.661629+00');
INSERT INTO public.decisions VALUES (3, '3412001', 1405, 'approved', 'officer:modir', '2026-11-28 23:47:29.661629+00', NULL);
INSERT INTO public.declarations VALUES ('3412001', 1405, 1, '2026-11-28 23:47:27.657377+00', '{"mobile":"09131234567","email":"namayeshi@example.ir","phone":"","province":"isfahan","city":"اصفهان","address":"خیابان چهارباغ بالا، کوچه ۱۲، پلاک ۷","postal_code":"8173954321","residence_since":null,"education":"bachelor","discipline":"mining","licence_no":"","employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"employer":"معادن سنگ سپاهان","job_title":"","weekly_hours":44,"is_public_employee":false,"is_mine_operator":false,"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456","title":"معدن سنگ لاشه","client":"شرکت کاوش نمونه","province":"isfahan","contract_no":""}],"note":"","truth_ack":true}');
INSERT INTO public.event_types VALUES ('CalendarDaySet', 1, 0);
INSERT INTO public.event_types VALUES ('DeclarationSubmitted', 1, 0);
INSERT INTO public.event_types VALUES ('PolicyAmended', 1, 0);
INSERT INTO public.event_types VALUES ('PolicyAmendmentDeclined', 1, 0);
INSERT INTO public.event_types VALUES ('PolicyAmendmentRequested', 1, 0);
INSERT INTO public.event_types VALUES ('RenewalApproved', 1, 0);
INSERT INTO public.event_types VALUES ('RenewalRejected', 1, 0);
INSERT INTO public.event_types VALUES ('RenewalRequested', 1, 0);
INSERT INTO public.event_types VALUES ('RenewalReturned', 1, 0);
INSERT INTO public.event_types VALUES ('RenewalWithdrawn', 1, 0);
INSERT INTO public.events VALUES (1, 'renewal/3412001/1405', 1, '4eea3ce1-31e9-5eaf-9e56-79c12f4c70fb', 'RenewalRequested', '{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"tracking_code":"7Y41WTWJMP","requested_at":"2026-11-28T23:47:26.513134Z"}', '{"correlation_id":"6eb9c8fc-bcff-4de9-bdc2-d49735c093c7","causation_id":"6eb9c8fc-bcff-4de9-bdc2-d49735c093c7","actor":"member:3412001","traceparent":""}', '2026-11-28 23:47:26.521373+00');
INSERT INTO public.events VALUES (2, 'renewal/3412001/1405', 2, '58a8b589-9f80-52a1-b228-3fdb40386447', 'DeclarationSubmitted', '{"member":"3412001","year":1405,"declaration_version":1,"licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"submitted_at":"2026-11-28T23:47:27.657377Z","review_due_at":"2026-11-29T08:30:00Z","review_is_promised":true}', '{"correlation_id":"e17997ad-d388-408e-bdab-7b23b83291f3","causation_id":"e17997ad-d388-408e-bdab-7b23b83291f3","actor":"member:3412001","traceparent":""}', '2026-11-28 23:47:27.689909+00');
INSERT INTO public.events VALUES (3, 'renewal/3412001/1405', 3, '1d709efa-ca42-579d-961d-8a345ea65cb1', 'RenewalApproved', '{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"unpaid_years":[],"never_paid":false,"paid_through":1404,"waivers":[],"note":null,"approved_by":"officer:modir","approved_at":"2026-11-28T23:47:29.661629Z"}', '{"correlation_id":"08dbad4b-f262-4d06-aef3-2c3d56fd6a30","causation_id":"08dbad4b-f262-4d06-aef3-2c3d56fd6a30","actor":"officer:modir","traceparent":""}', '2026-11-28 23:47:29.672589+00');
INSERT INTO public.log_head VALUES (1, 3, '730e6699-cdd7-49a1-b0a0-2f07b71d3a97', 0, 1);
INSERT INTO public.members VALUES ('3412001', 'isfahan', '{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"}');
INSERT INTO public.members VALUES ('3412002', 'isfahan', '{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"}');
INSERT INTO public.members VALUES ('3412003', 'isfahan', '{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"}');
INSERT INTO public.members VALUES ('3412004', 'isfahan', '{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"}');
INSERT INTO public.members VALUES ('3412005', 'isfahan', '{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"}');
INSERT INTO public.members VALUES ('3412006', 'isfahan', '{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"}');
INSERT INTO public.members VALUES ('3412007', 'isfahan', '{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"}');
INSERT INTO public.members VALUES ('3412008', 'isfahan', '{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"}');
INSERT INTO public.members VALUES ('0412009', 'isfahan', '{"member_class":"intern","fields":[],"expires_on":null}');
INSERT INTO public.members VALUES ('3412010', 'isfahan', '{"member_class":"intern","fields":[],"expires_on":null}');
INSERT INTO public.members VALUES ('3412011', 'isfahan', '{"member_class":"unlicensed","fields":[],"expires_on":null}');
INSERT INTO public.members VALUES ('3412012', 'isfahan', '{"member_class":"unlicensed","fields":[],"expires_on":null}');
INSERT INTO public.members VALUES ('5117001', 'fars', '{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"}');
INSERT INTO public.members VALUES ('5117002', 'fars', '{"member_class":"unlicensed","fields":[],"expires_on":null}');
INSERT INTO public.mine_claims VALUES ('123456', '3412001', 1405, '12-3456', '2026-09-23', '2027-03-20', '2026-11-28 23:47:27.657377+00');
INSERT INTO public.officer_set_ups VALUES ('officer:admin', 'program:auth', '2026-11-28 23:47:17.33401+00', true);
INSERT INTO public.officer_set_ups VALUES ('officer:rahbar', 'officer:admin', '2026-11-28 23:47:19.023966+00', true);
INSERT INTO public.officer_set_ups VALUES ('officer:modir', 'officer:rahbar', '2026-11-28 23:47:20.34973+00', false);
INSERT INTO public.officer_set_ups VALUES ('officer:moaven', 'officer:rahbar', '2026-11-28 23:47:20.937357+00', false);
INSERT INTO public.officer_set_ups VALUES ('officer:khazanedar', 'officer:rahbar', '2026-11-28 23:47:21.334548+00', false);
INSERT INTO public.officer_set_ups VALUES ('officer:hesabdar', 'officer:rahbar', '2026-11-28 23:47:21.973035+00', false);
INSERT INTO public.officer_set_ups VALUES ('officer:modir-fars', 'officer:rahbar', '2026-11-28 23:47:22.471341+00', false);
INSERT INTO public.officer_set_ups VALUES ('officer:bazres', 'officer:rahbar', '2026-11-28 23:47:22.886705+00', false);
INSERT INTO public.officers VALUES ('officer:admin', true);
INSERT INTO public.officers VALUES ('officer:rahbar', true);
INSERT INTO public.officers VALUES ('officer:modir', false);
INSERT INTO public.officers VALUES ('officer:moaven', false);
INSERT INTO public.officers VALUES ('officer:khazanedar', false);
INSERT INTO public.officers VALUES ('officer:hesabdar', false);
INSERT INTO public.officers VALUES ('officer:modir-fars', false);
INSERT INTO public.officers VALUES ('officer:bazres', false);
INSERT INTO public.projection_versions VALUES (1, 'renewal', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.projection_versions VALUES (1, 'auth', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'admin', 'GetRenewal', 0, 'admin');
INSERT INTO public.reads VALUES ('', '2026-11-28 23:40:00+00', 'admin', 'ReadEvents', 0, 'admin');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'ListDesk', 1405, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'GetRenewal', 1405, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'ApproveRenewal', 1405, 'finance manager');
INSERT INTO public.register_history VALUES ('3412001', 15, 'grade_2', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412002', 16, 'grade_2', 1402, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412003', 17, 'grade_3', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412004', 18, 'grade_3', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412005', 19, 'grade_1', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412006', 20, 'grade_1', 1403, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412007', 21, 'senior', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412008', 22, 'senior', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('0412009', 23, 'intern', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412010', 24, 'intern', NULL, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412011', 25, 'unlicensed', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('3412012', 26, 'unlicensed', 1401, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('5117001', 27, 'grade_2', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.register_history VALUES ('5117002', 28, 'unlicensed', 1404, '2026-11-28 23:47:23.038171+00');
INSERT INTO public.relay_cursor VALUES (1, 3, '9b5ac2c10870b95819f062c87a09ebfb37603d4816f9ae0cfcfa71d746feb49f');
INSERT INTO public.renewals VALUES ('3412001', 1405, 'isfahan', '{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"}', 'approved', '7Y41WTWJMP', '2026-11-28 23:47:26.513134+00', '2026-11-28 23:47:27.657377+00', '2026-11-29 08:30:00+00', '2026-11-29 08:30:00+00', '{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"}', '[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}]');
INSERT INTO public.retention_runs VALUES ('reads', '2026-11-28 23:47:16.244776+00', 0);
INSERT INTO public.retention_runs VALUES ('drafts', '2026-11-28 23:47:16.244776+00', 0);
INSERT INTO public.retention_runs VALUES ('declarations', '2026-11-28 23:47:16.244776+00', 0);
INSERT INTO public.retention_runs VALUES ('decision_notes', '2026-11-28 23:47:16.244776+00', 0);
INSERT INTO public.seals VALUES (1, 'dcdeb1cb7d8287f8af0989a52c31a1d2766ad382f3d9a85870a8bbbc72e10905', 'vEHvLxR9HLEY+Ci7TVMlasb1nJ/SGQZ93V796bYze80hpNFKJsu9q13LqLBxXdhYyjndXzXRn1e9Yzu2jZunBA==');
INSERT INTO public.seals VALUES (2, 'f2c7d835b0aab143bd5cd96d41920ff0df5df6449a1d80cd76a48300bd50d98d', 'VSwVF/gspJOzWKIBqOosb+77d2rfeyEjIBj31+mtY/6X/d8FD3g6x8p5OjA0BUnhkmtuM9vDKWCEjfiERxopDA==');
INSERT INTO public.seals VALUES (3, '9b5ac2c10870b95819f062c87a09ebfb37603d4816f9ae0cfcfa71d746feb49f', 'RkMVGW9gu4K52+XGC5wqpK/NqDHSzS0YxVp5PlQIIx3IY9WPAST2DkcK/2NlcR3kYXp9MV/fCYFoX4aGLVzFAQ==');
SELECT pg_catalog.setval('public.log_head_id_seq', 1, false);
SELECT pg_catalog.setval('public.relay_cursor_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.calendar_days
    ADD CONSTRAINT calendar_days_pkey PRIMARY KEY (province, "on");
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (source);
ALTER TABLE ONLY public.command_ids
    ADD CONSTRAINT command_ids_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.declarations
    ADD CONSTRAINT declarations_pkey PRIMARY KEY (member, year, version);
ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (member, year);
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
ALTER TABLE ONLY public.late_events
    ADD CONSTRAINT late_events_pkey PRIMARY KEY (version, source, "position");
ALTER TABLE ONLY public.log_head
    ADD CONSTRAINT log_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.members
    ADD CONSTRAINT members_pkey PRIMARY KEY (member);
ALTER TABLE ONLY public.mine_claims
    ADD CONSTRAINT mine_claims_pkey PRIMARY KEY (mine, member, year);
ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (note);
ALTER TABLE ONLY public.officer_set_ups
    ADD CONSTRAINT officer_set_ups_pkey PRIMARY KEY (officer, by);
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
ALTER TABLE ONLY public.projection_versions
    ADD CONSTRAINT projection_versions_pkey PRIMARY KEY (version, source);
ALTER TABLE ONLY public.reads
    ADD CONSTRAINT reads_pkey PRIMARY KEY (member, at, officer, message, year);
ALTER TABLE ONLY public.rebuilds
    ADD CONSTRAINT rebuilds_pkey PRIMARY KEY (rebuild);
ALTER TABLE ONLY public.reconciliations
    ADD CONSTRAINT reconciliations_pkey PRIMARY KEY (source, at);
ALTER TABLE ONLY public.register_history
    ADD CONSTRAINT register_history_pkey PRIMARY KEY (member, "position");
ALTER TABLE ONLY public.relay_cursor
    ADD CONSTRAINT relay_cursor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.renewals
    ADD CONSTRAINT renewals_pkey PRIMARY KEY (member, year);
ALTER TABLE ONLY public.retention_runs
    ADD CONSTRAINT retention_runs_pkey PRIMARY KEY (kind, at);
ALTER TABLE ONLY public.seals
    ADD CONSTRAINT seals_pkey PRIMARY KEY ("position");
ALTER TABLE ONLY public.unknown_events
    ADD CONSTRAINT unknown_events_pkey PRIMARY KEY (source, "position");
CREATE INDEX decisions_of_renewal ON public.decisions USING btree (member, year);
CREATE INDEX desk ON public.renewals USING btree (province, status, desk_place);
CREATE INDEX ix_declarations_submitted_at ON public.declarations USING btree (submitted_at);
CREATE INDEX ix_notes_member ON public.notes USING btree (member);
CREATE INDEX ix_notes_written_at ON public.notes USING btree (written_at);
CREATE INDEX mine_claims_of_renewal ON public.mine_claims USING btree (member, year);
CREATE UNIQUE INDEX one_rebuild_runs ON public.rebuilds USING btree (status) WHERE ((status)::text = 'running'::text);
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.facts_stay();
