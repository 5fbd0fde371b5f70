BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002_from_0001');
CREATE TABLE capacity_facts (
	source VARCHAR(20) NOT NULL, 
	position BIGINT NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	data TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (source, position)
);
INSERT INTO "capacity_facts" VALUES('auth',15,'3412001',0,'isfahan','MemberEnrolled','{"member":"3412001","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',16,'3412002',0,'isfahan','MemberEnrolled','{"member":"3412002","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"},"paid_through":1402,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',17,'3412003',0,'isfahan','MemberEnrolled','{"member":"3412003","province":"isfahan","licence":{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',18,'3412004',0,'isfahan','MemberEnrolled','{"member":"3412004","province":"isfahan","licence":{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',19,'3412005',0,'isfahan','MemberEnrolled','{"member":"3412005","province":"isfahan","licence":{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',20,'3412006',0,'isfahan','MemberEnrolled','{"member":"3412006","province":"isfahan","licence":{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"},"paid_through":1403,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',21,'3412007',0,'isfahan','MemberEnrolled','{"member":"3412007","province":"isfahan","licence":{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',22,'3412008',0,'isfahan','MemberEnrolled','{"member":"3412008","province":"isfahan","licence":{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',23,'0412009',0,'isfahan','MemberEnrolled','{"member":"0412009","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',24,'3412010',0,'isfahan','MemberEnrolled','{"member":"3412010","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":null,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',25,'3412011',0,'isfahan','MemberEnrolled','{"member":"3412011","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',26,'3412012',0,'isfahan','MemberEnrolled','{"member":"3412012","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1401,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',27,'5117001',0,'fars','MemberEnrolled','{"member":"5117001","province":"fars","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('auth',28,'5117002',0,'fars','MemberEnrolled','{"member":"5117002","province":"fars","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','2026-11-28 23:46:44.386718');
INSERT INTO "capacity_facts" VALUES('renewal',3,'3412001',1405,'isfahan','RenewalApproved','{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"unpaid_years":[],"never_paid":false,"paid_through":1404,"waivers":[],"note":null,"approved_by":"officer:modir","approved_at":"2026-11-28T23:46:45.384018Z"}','2026-11-28 23:46:45.384018');
INSERT INTO "capacity_facts" VALUES('payment',4,'3412001',1405,'isfahan','PaymentConfirmed','{"member":"3412001","year":1405,"province":"isfahan","amount_rials":9000000,"confirmed_by":"officer:modir","confirmed_at":"2026-11-28T23:46:46.864005Z"}','2026-11-28 23:46:46.864005');
CREATE TABLE capacity_lines (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	line INTEGER NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	units INTEGER NOT NULL, 
	rule VARCHAR(80) NOT NULL, 
	field VARCHAR(20), 
	job TEXT, 
	months INTEGER, 
	source VARCHAR(20) NOT NULL, 
	position BIGINT NOT NULL, 
	effective_at DATETIME NOT NULL, 
	PRIMARY KEY (member, year, line)
);
INSERT INTO "capacity_lines" VALUES('3412001',1405,1,'grant',72000,'1405 ceilings.grade_2.extraction','extraction',NULL,NULL,'payment',4,'2026-11-28 23:46:46.864005');
INSERT INTO "capacity_lines" VALUES('3412001',1405,2,'use',-24000,'1405 deductions.person_month.3',NULL,NULL,6,'renewal',3,'2026-11-28 23:46:46.864005');
INSERT INTO "capacity_lines" VALUES('3412001',1405,3,'use',-15000,'1405 deductions.mine_technical_manager.4','extraction','{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}',6,'renewal',3,'2026-11-28 23:46:46.864005');
INSERT INTO "capacity_lines" VALUES('3412001',1405,4,'expiry',-33000,'1405 validity.year',NULL,NULL,NULL,'payment',4,'2027-03-20 20:30:00.000000');
CREATE TABLE capacity_lock (
	id INTEGER NOT NULL CHECK (id = 1), 
	PRIMARY KEY (id)
);
INSERT INTO "capacity_lock" VALUES(1);
CREATE TABLE capacity_policies (
	year INTEGER NOT NULL, 
	policy TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	PRIMARY KEY (year)
);
INSERT INTO "capacity_policies" VALUES(1404,'# Employment capacity of the Jalali year 1404, in P. Decimals are written with a point: 3.75, never 3/75.
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
','2026-11-28 23:46:43.550968');
INSERT INTO "capacity_policies" VALUES(1405,'# Employment capacity of the Jalali year 1405, in P. Decimals are written with a point: 3.75, never 3/75.
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
','2026-11-28 23:46:43.550968');
CREATE TABLE capacity_rebuilds (
	rebuild CHAR(32) NOT NULL, 
	"check" BOOLEAN NOT NULL, 
	started_by VARCHAR(60) NOT NULL, 
	started_at DATETIME NOT NULL, 
	reported_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	status VARCHAR(20) NOT NULL, 
	phase VARCHAR(20) NOT NULL, 
	events INTEGER NOT NULL, 
	events_total INTEGER NOT NULL, 
	members INTEGER NOT NULL, 
	members_total INTEGER NOT NULL, 
	differences TEXT NOT NULL, 
	first_differences TEXT NOT NULL, 
	is_cancelled BOOLEAN NOT NULL, 
	error TEXT NOT NULL, 
	PRIMARY KEY (rebuild)
);
CREATE TABLE capacity_summary (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	ceiling_units INTEGER NOT NULL, 
	used_units INTEGER NOT NULL, 
	fields TEXT NOT NULL, 
	valid_until DATE NOT NULL, 
	warnings TEXT NOT NULL, 
	policy VARCHAR(30) NOT NULL, 
	updated_at DATETIME NOT NULL, 
	PRIMARY KEY (member, year)
);
INSERT INTO "capacity_summary" VALUES('3412001',1405,'isfahan',72000,39000,'[["extraction", 72000, 15000]]','2027-03-20','','1405-0302b199bce4','2026-11-28 23:46:46.864005');
CREATE TABLE checkpoints (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, event_id CHAR(32), projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (source)
);
INSERT INTO "checkpoints" VALUES('auth',28,'5b36de0f1f928692ae50d2a12770c45cfadd311a979d289f27033c881a76cae9','008f7f7d-a617-4873-9f04-e632929efbf0','ba9d2cc2999c58ec8b3a18b39bc4fd99',1);
INSERT INTO "checkpoints" VALUES('renewal',3,'3302f5ac7d69962969c44764b0c3f3604c642db81ffc2bfa8b19fc6a6cb16693','5199633c-461d-494b-8a3f-d00e15dcba13','58e7edad3971520aa3ddeb4d4960322c',1);
INSERT INTO "checkpoints" VALUES('payment',4,'763178427f14a7b732bbbcd39ca1cb05d40318aaa54d48fd20ca72e480b52e5d','933b1e13-bc5e-48f2-8e89-29902d30d49c','cf2bf82a088c51f7be6da4d180f9e20b',1);
CREATE TABLE dropped_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	partition_key VARCHAR(120) NOT NULL, 
	error TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	dropped_by VARCHAR(60) NOT NULL, 
	dropped_at DATETIME NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE TABLE erasures (
	member VARCHAR(12) NOT NULL, 
	erased_at DATETIME NOT NULL, 
	rows TEXT NOT NULL, 
	is_overwritten BOOLEAN NOT NULL, 
	PRIMARY KEY (member)
);
CREATE TABLE late_events (
	version INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (version, source, position)
);
CREATE TABLE orphaned_events (
	position BIGINT NOT NULL, 
	stream VARCHAR(120) NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	correlation_id CHAR(32) NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	cause CHAR(32) NOT NULL, 
	found_by VARCHAR(60) NOT NULL, 
	found_at DATETIME NOT NULL, 
	settled_by VARCHAR(60) DEFAULT '' NOT NULL, 
	settled_at DATETIME, 
	reason TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (position)
);
CREATE TABLE parked_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	partition_key VARCHAR(120) NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	error TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE TABLE projection_versions (
	version INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (version, source)
);
INSERT INTO "projection_versions" VALUES(1,'capacity',0,'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "projection_versions" VALUES(1,'auth',0,'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "projection_versions" VALUES(1,'renewal',0,'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "projection_versions" VALUES(1,'payment',0,'0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE reads (
	member VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	officer VARCHAR(40) NOT NULL, 
	message VARCHAR(40) NOT NULL, 
	year INTEGER NOT NULL, 
	roles VARCHAR(60) NOT NULL, 
	PRIMARY KEY (member, at, officer, message, year)
);
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','admin','GetCapacity',1405,'admin');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','CountJobUnits',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','GetCapacity',1405,'finance manager');
CREATE TABLE rebuilds (
	rebuild CHAR(32) NOT NULL, 
	"check" BOOLEAN NOT NULL, 
	started_by VARCHAR(60) NOT NULL, 
	started_at DATETIME NOT NULL, 
	reported_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	status VARCHAR(20) NOT NULL, 
	phase VARCHAR(20) NOT NULL, 
	done INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	events INTEGER NOT NULL, 
	differences TEXT NOT NULL, 
	first_differences TEXT NOT NULL, 
	is_cancelled BOOLEAN NOT NULL, 
	error TEXT NOT NULL, 
	PRIMARY KEY (rebuild)
);
CREATE TABLE reconciliations (
	source VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(60) NOT NULL, 
	from_position BIGINT NOT NULL, 
	from_epoch VARCHAR(36) NOT NULL, 
	to_position BIGINT NOT NULL, 
	to_epoch VARCHAR(36) NOT NULL, 
	PRIMARY KEY (source, at)
);
CREATE TABLE retention_runs (
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	deleted INTEGER NOT NULL, 
	PRIMARY KEY (kind, at)
);
INSERT INTO "retention_runs" VALUES('reads','2026-11-28 23:46:43.658740',0);
CREATE TABLE unknown_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	schema_version INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE UNIQUE INDEX one_capacity_rebuild_runs ON capacity_rebuilds (status) WHERE status = 'running';
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE UNIQUE INDEX one_rebuild_runs ON rebuilds (status) WHERE status = 'running';
CREATE INDEX capacity_facts_of_member ON capacity_facts (member, year);
CREATE INDEX capacity_summary_of_province ON capacity_summary (province, year);
COMMIT;
