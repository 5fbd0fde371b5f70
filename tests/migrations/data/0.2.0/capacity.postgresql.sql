CREATE SCHEMA capacity;
CREATE TABLE capacity.capacity_facts (
    source character varying(20) NOT NULL,
    "position" bigint NOT NULL,
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    province character varying(20) NOT NULL,
    type character varying(60) NOT NULL,
    data text NOT NULL,
    at timestamp with time zone NOT NULL
);
COMMENT ON COLUMN capacity.capacity_facts.year IS '0: every year';
CREATE TABLE capacity.capacity_lines (
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    line integer NOT NULL,
    kind character varying(20) NOT NULL,
    units integer NOT NULL,
    rule character varying(80) NOT NULL,
    field character varying(20),
    job text,
    months integer,
    source character varying(20) NOT NULL,
    "position" bigint NOT NULL,
    effective_at timestamp with time zone NOT NULL
);
CREATE TABLE capacity.capacity_summary (
    member character varying(12) NOT NULL,
    year integer NOT NULL,
    province character varying(20) NOT NULL,
    ceiling_units integer NOT NULL,
    used_units integer NOT NULL,
    fields text NOT NULL,
    valid_until date NOT NULL,
    warnings text NOT NULL,
    policy character varying(30) NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.capacity_lock (
    id integer NOT NULL,
    CONSTRAINT capacity_lock_id_check CHECK ((id = 1))
);
CREATE SEQUENCE public.capacity_lock_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.capacity_lock_id_seq OWNED BY public.capacity_lock.id;
CREATE TABLE public.capacity_policies (
    year integer NOT NULL,
    policy text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);
CREATE TABLE public.capacity_rebuilds (
    rebuild uuid NOT NULL,
    "check" boolean NOT NULL,
    started_by character varying(60) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    reported_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    status character varying(20) NOT NULL,
    phase character varying(20) NOT NULL,
    events integer NOT NULL,
    events_total integer NOT NULL,
    members integer NOT NULL,
    members_total integer NOT NULL,
    differences text NOT NULL,
    first_differences text NOT NULL,
    is_cancelled boolean NOT NULL,
    error text NOT NULL
);
CREATE TABLE public.checkpoints (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    chain character varying(64) NOT NULL,
    epoch character varying(36) DEFAULT ''::character varying NOT NULL,
    event_id uuid,
    projections_version integer DEFAULT 1 NOT NULL
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
CREATE TABLE public.late_events (
    version integer NOT NULL,
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    digest character varying(64) NOT NULL
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
CREATE TABLE public.retention_runs (
    kind character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    deleted integer NOT NULL
);
CREATE TABLE public.unknown_events (
    source character varying(40) NOT NULL,
    "position" bigint NOT NULL,
    type character varying(60) NOT NULL,
    schema_version integer NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    digest character varying(64) NOT NULL
);
ALTER TABLE ONLY public.capacity_lock ALTER COLUMN id SET DEFAULT nextval('public.capacity_lock_id_seq'::regclass);
INSERT INTO capacity.capacity_facts VALUES ('auth', 15, '3412001', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412001","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 16, '3412002', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412002","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"},"paid_through":1402,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 17, '3412003', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412003","province":"isfahan","licence":{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 18, '3412004', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412004","province":"isfahan","licence":{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 19, '3412005', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412005","province":"isfahan","licence":{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 20, '3412006', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412006","province":"isfahan","licence":{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"},"paid_through":1403,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 21, '3412007', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412007","province":"isfahan","licence":{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 22, '3412008', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412008","province":"isfahan","licence":{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 23, '0412009', 0, 'isfahan', 'MemberEnrolled', '{"member":"0412009","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 24, '3412010', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412010","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":null,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 25, '3412011', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412011","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 26, '3412012', 0, 'isfahan', 'MemberEnrolled', '{"member":"3412012","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1401,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 27, '5117001', 0, 'fars', 'MemberEnrolled', '{"member":"5117001","province":"fars","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('auth', 28, '5117002', 0, 'fars', 'MemberEnrolled', '{"member":"5117002","province":"fars","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:47:23.038171Z"}', '2026-11-28 23:47:23.038171+00');
INSERT INTO capacity.capacity_facts VALUES ('renewal', 3, '3412001', 1405, 'isfahan', 'RenewalApproved', '{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"unpaid_years":[],"never_paid":false,"paid_through":1404,"waivers":[],"note":null,"approved_by":"officer:modir","approved_at":"2026-11-28T23:47:29.661629Z"}', '2026-11-28 23:47:29.661629+00');
INSERT INTO capacity.capacity_facts VALUES ('payment', 4, '3412001', 1405, 'isfahan', 'PaymentConfirmed', '{"member":"3412001","year":1405,"province":"isfahan","amount_rials":9000000,"confirmed_by":"officer:modir","confirmed_at":"2026-11-28T23:47:32.769486Z"}', '2026-11-28 23:47:32.769486+00');
INSERT INTO capacity.capacity_lines VALUES ('3412001', 1405, 1, 'grant', 72000, '1405 ceilings.grade_2.extraction', 'extraction', NULL, NULL, 'payment', 4, '2026-11-28 23:47:32.769486+00');
INSERT INTO capacity.capacity_lines VALUES ('3412001', 1405, 2, 'use', -24000, '1405 deductions.person_month.3', NULL, NULL, 6, 'renewal', 3, '2026-11-28 23:47:32.769486+00');
INSERT INTO capacity.capacity_lines VALUES ('3412001', 1405, 3, 'use', -15000, '1405 deductions.mine_technical_manager.4', 'extraction', '{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}', 6, 'renewal', 3, '2026-11-28 23:47:32.769486+00');
INSERT INTO capacity.capacity_lines VALUES ('3412001', 1405, 4, 'expiry', -33000, '1405 validity.year', NULL, NULL, NULL, 'payment', 4, '2027-03-20 20:30:00+00');
INSERT INTO capacity.capacity_summary VALUES ('3412001', 1405, 'isfahan', 72000, 39000, '[["extraction", 72000, 15000]]', '2027-03-20', '', '1405-0302b199bce4', '2026-11-28 23:47:32.769486+00');
INSERT INTO public.alembic_version VALUES ('0002_from_0001');
INSERT INTO public.capacity_lock VALUES (1);
INSERT INTO public.capacity_policies VALUES (1404, '# Employment capacity of the Jalali year 1404, in P. Decimals are written with a point: 3.75, never 3/75.
# Deductions: the organization''s published table, the edition with the P values of 1399/1400 (docs/domain.md 2.4).
# Everything else is a default of ours and no official figure (docs/domain.md 7.1).
# The published "fixed virtual deduction, design" (960/720/480/300) is off: its meaning was not found.
year = 1404
# P a year, by class and licence field. One field: its own ceiling; several: each its own, all together the greatest.
[ceilings]
senior     = { extraction = 1440, exploration = 1440, processing = 1440, metallurgy = 1440, surveying = 1080 }
grade_1    = { extraction = 1080, exploration = 1080, processing = 1080, metallurgy = 1080, surveying = 810 }
grade_2    = { extraction = 720, exploration = 720, processing = 720, metallurgy = 720, surveying = 540 }
grade_3    = { extraction = 450, exploration = 450, processing = 450, metallurgy = 450, surveying = 340 }
unlicensed = { extraction = 0, exploration = 0, processing = 0, metallurgy = 0, surveying = 0 }
intern     = { extraction = 0, exploration = 0, processing = 0, metallurgy = 0, surveying = 0 }
# What one unit of quantity uses, by the job''s degree 1, 2, 3, 4 (1 is the largest job).
# `per = "year"` is a yearly post: it counts by the started months of this year, twelfth by twelfth.
[deductions]
person_hour                   = { per = "hour", p = [1, 0.75, 0.5, 0.3] }
person_day                    = { per = "day", p = [5, 3.75, 2.5, 1.65] }
person_month                  = { per = "month", p = [80, 60, 40, 25] }
mine_technical_manager        = { per = "year", p = [960, 720, 480, 300] }
exploration_technical_manager = { per = "month", p = [45, 30, 18, 10] }
exploration_plan              = { per = "each", p = [140, 110, 80, 50] }
exploration_report            = { per = "each", p = [240, 170, 110, 50] }
mine_exploitation_plan        = { per = "each", p = [260, 180, 110, 50] }
plant_exploitation_plan       = { per = "each", p = [340, 225, 120, 80] }
amended_exploration_plan      = { per = "each", p = [45, 35, 25, 15] }
safety_plan                   = { per = "each", p = [100, 100, 60, 30] }
boundary_drawing              = { per = "each", p = [5, 5, 5, 5] }
stake_out_manager             = { per = "each", p = [5, 5, 5, 5] }
teaching_theory               = { per = "each", p = [34, 25.5, 17, 10] }
teaching_practice             = { per = "each", p = [48, 36, 24, 14.5] }
stake_out_surveyor            = { per = "each", p = [20, 18, 14, 10] } # also published as 20, 20, 18, 14
exploration_survey            = { per = "each", p = [75, 37.5, 17.5, 11.5] }
mine_as_is_map                = { per = "each", p = [50, 30, 15, 10] }
mine_inspection               = { per = "each", p = [22, 18, 15, 13] }
faculty_half_time             = { per = "semester", p = [240, 180, 120, 75] }
faculty_part_time             = { per = "semester", p = [120, 90, 60, 47.5] }
full_time_job                 = { per = "year", p = [960, 720, 480, 300] }
# Degrees of job that a class may take on.
[degrees]
senior     = [1, 2, 3, 4]
grade_1    = [2, 3, 4]
grade_2    = [3, 4]
grade_3    = [4]
unlicensed = []
intern     = []
# Posts held at the same time, counted together.
[posts]
kinds = ["mine_technical_manager", "exploration_technical_manager"]
most  = { senior = 4, grade_1 = 3, grade_2 = 2, grade_3 = 1, unlicensed = 0, intern = 0 }
# Which row of the deductions an employment uses, by its started months, and at which degree.
# A class without a degree has no capacity to use.
[employment]
months_per_semester = 6
degrees             = { senior = 1, grade_1 = 2, grade_2 = 3, grade_3 = 4 }
[employment.uses]
private_full_time = "person_month"
public            = "person_month"
faculty_full_time = "person_month"
faculty_half_time = "faculty_half_time"
faculty_part_time = "faculty_part_time"
private_part_time = "nothing"
self_employed     = "nothing"
unemployed        = "nothing"
retired           = "nothing"
armed_forces      = "nothing"
', '2026-11-28 23:47:16.357864+00');
INSERT INTO public.capacity_policies VALUES (1405, '# Employment capacity of the Jalali year 1405, in P. Decimals are written with a point: 3.75, never 3/75.
# Deductions: the organization''s published table, the edition with the P values of 1399/1400 (docs/domain.md 2.4).
# Everything else is a default of ours and no official figure (docs/domain.md 7.1).
# The published "fixed virtual deduction, design" (960/720/480/300) is off: its meaning was not found.
year = 1405
# P a year, by class and licence field. One field: its own ceiling; several: each its own, all together the greatest.
[ceilings]
senior     = { extraction = 1440, exploration = 1440, processing = 1440, metallurgy = 1440, surveying = 1080 }
grade_1    = { extraction = 1080, exploration = 1080, processing = 1080, metallurgy = 1080, surveying = 810 }
grade_2    = { extraction = 720, exploration = 720, processing = 720, metallurgy = 720, surveying = 540 }
grade_3    = { extraction = 450, exploration = 450, processing = 450, metallurgy = 450, surveying = 340 }
unlicensed = { extraction = 0, exploration = 0, processing = 0, metallurgy = 0, surveying = 0 }
intern     = { extraction = 0, exploration = 0, processing = 0, metallurgy = 0, surveying = 0 }
# What one unit of quantity uses, by the job''s degree 1, 2, 3, 4 (1 is the largest job).
# `per = "year"` is a yearly post: it counts by the started months of this year, twelfth by twelfth.
[deductions]
person_hour                   = { per = "hour", p = [1, 0.75, 0.5, 0.3] }
person_day                    = { per = "day", p = [5, 3.75, 2.5, 1.65] }
person_month                  = { per = "month", p = [80, 60, 40, 25] }
mine_technical_manager        = { per = "year", p = [960, 720, 480, 300] }
exploration_technical_manager = { per = "month", p = [45, 30, 18, 10] }
exploration_plan              = { per = "each", p = [140, 110, 80, 50] }
exploration_report            = { per = "each", p = [240, 170, 110, 50] }
mine_exploitation_plan        = { per = "each", p = [260, 180, 110, 50] }
plant_exploitation_plan       = { per = "each", p = [340, 225, 120, 80] }
amended_exploration_plan      = { per = "each", p = [45, 35, 25, 15] }
safety_plan                   = { per = "each", p = [100, 100, 60, 30] }
boundary_drawing              = { per = "each", p = [5, 5, 5, 5] }
stake_out_manager             = { per = "each", p = [5, 5, 5, 5] }
teaching_theory               = { per = "each", p = [34, 25.5, 17, 10] }
teaching_practice             = { per = "each", p = [48, 36, 24, 14.5] }
stake_out_surveyor            = { per = "each", p = [20, 18, 14, 10] } # also published as 20, 20, 18, 14
exploration_survey            = { per = "each", p = [75, 37.5, 17.5, 11.5] }
mine_as_is_map                = { per = "each", p = [50, 30, 15, 10] }
mine_inspection               = { per = "each", p = [22, 18, 15, 13] }
faculty_half_time             = { per = "semester", p = [240, 180, 120, 75] }
faculty_part_time             = { per = "semester", p = [120, 90, 60, 47.5] }
full_time_job                 = { per = "year", p = [960, 720, 480, 300] }
# Degrees of job that a class may take on.
[degrees]
senior     = [1, 2, 3, 4]
grade_1    = [2, 3, 4]
grade_2    = [3, 4]
grade_3    = [4]
unlicensed = []
intern     = []
# Posts held at the same time, counted together.
[posts]
kinds = ["mine_technical_manager", "exploration_technical_manager"]
most  = { senior = 4, grade_1 = 3, grade_2 = 2, grade_3 = 1, unlicensed = 0, intern = 0 }
# Which row of the deductions an employment uses, by its started months, and at which degree.
# A class without a degree has no capacity to use.
[employment]
months_per_semester = 6
degrees             = { senior = 1, grade_1 = 2, grade_2 = 3, grade_3 = 4 }
[employment.uses]
private_full_time = "person_month"
public            = "person_month"
faculty_full_time = "person_month"
faculty_half_time = "faculty_half_time"
faculty_part_time = "faculty_part_time"
private_part_time = "nothing"
self_employed     = "nothing"
unemployed        = "nothing"
retired           = "nothing"
armed_forces      = "nothing"
', '2026-11-28 23:47:16.357864+00');
INSERT INTO public.checkpoints VALUES ('auth', 28, 'a3f9504500c3a554de54e959eecf56a8fda8f264859d7fa6c4273151ee45c0c2', '0cca7ed5-c7ef-4687-b2f6-2859acdec9b5', '186a4d9c-e9c0-52a2-812c-9de4fbc8a131', 1);
INSERT INTO public.checkpoints VALUES ('renewal', 3, '9b5ac2c10870b95819f062c87a09ebfb37603d4816f9ae0cfcfa71d746feb49f', '730e6699-cdd7-49a1-b0a0-2f07b71d3a97', '1d709efa-ca42-579d-961d-8a345ea65cb1', 1);
INSERT INTO public.checkpoints VALUES ('payment', 4, '46903face46a1064b48a4d4e5b992dd6735acf30040667899b00b5af81f6184e', 'f23e0be5-d58d-4686-b4be-0589a5a3be1e', '658c544d-a077-55fb-b5bc-b8924fa6c2ef', 1);
INSERT INTO public.projection_versions VALUES (1, 'capacity', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.projection_versions VALUES (1, 'auth', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.projection_versions VALUES (1, 'renewal', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.projection_versions VALUES (1, 'payment', 0, '0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'admin', 'GetCapacity', 1405, 'admin');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'CountJobUnits', 1405, 'finance manager');
INSERT INTO public.reads VALUES ('3412001', '2026-11-28 23:40:00+00', 'modir', 'GetCapacity', 1405, 'finance manager');
INSERT INTO public.retention_runs VALUES ('reads', '2026-11-28 23:47:16.519627+00', 0);
SELECT pg_catalog.setval('public.capacity_lock_id_seq', 1, false);
ALTER TABLE ONLY capacity.capacity_facts
    ADD CONSTRAINT capacity_facts_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY capacity.capacity_lines
    ADD CONSTRAINT capacity_lines_pkey PRIMARY KEY (member, year, line);
ALTER TABLE ONLY capacity.capacity_summary
    ADD CONSTRAINT capacity_summary_pkey PRIMARY KEY (member, year);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.capacity_lock
    ADD CONSTRAINT capacity_lock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.capacity_policies
    ADD CONSTRAINT capacity_policies_pkey PRIMARY KEY (year);
ALTER TABLE ONLY public.capacity_rebuilds
    ADD CONSTRAINT capacity_rebuilds_pkey PRIMARY KEY (rebuild);
ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (source);
ALTER TABLE ONLY public.dropped_events
    ADD CONSTRAINT dropped_events_pkey PRIMARY KEY (source, "position");
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (member);
ALTER TABLE ONLY public.late_events
    ADD CONSTRAINT late_events_pkey PRIMARY KEY (version, source, "position");
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
ALTER TABLE ONLY public.retention_runs
    ADD CONSTRAINT retention_runs_pkey PRIMARY KEY (kind, at);
ALTER TABLE ONLY public.unknown_events
    ADD CONSTRAINT unknown_events_pkey PRIMARY KEY (source, "position");
CREATE INDEX capacity_facts_of_member ON capacity.capacity_facts USING btree (member, year);
CREATE INDEX capacity_summary_of_province ON capacity.capacity_summary USING btree (province, year);
CREATE UNIQUE INDEX one_capacity_rebuild_runs ON public.capacity_rebuilds USING btree (status) WHERE ((status)::text = 'running'::text);
CREATE UNIQUE INDEX one_rebuild_runs ON public.rebuilds USING btree (status) WHERE ((status)::text = 'running'::text);
CREATE INDEX parked_partitions ON public.parked_events USING btree (source, partition_key, "position");
CREATE INDEX reads_of_officer ON public.reads USING btree (officer, at);
