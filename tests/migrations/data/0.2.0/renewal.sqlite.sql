BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002_from_0001');
CREATE TABLE calendar_days (
	province VARCHAR(20) NOT NULL, 
	"on" DATE NOT NULL, 
	opens TIME, 
	closes TIME, 
	label VARCHAR(120) NOT NULL, 
	seeded BOOLEAN NOT NULL, 
	PRIMARY KEY (province, "on")
);
INSERT INTO "calendar_days" VALUES('*','2025-01-14',NULL,NULL,'ولادت امام علی علیه السلام و روز پدر',1);
INSERT INTO "calendar_days" VALUES('*','2025-01-28',NULL,NULL,'مبعث رسول اکرم (ص)',1);
INSERT INTO "calendar_days" VALUES('*','2025-02-10',NULL,NULL,'پیروزی انقلاب اسلامی',1);
INSERT INTO "calendar_days" VALUES('*','2025-02-14',NULL,NULL,'ولادت حضرت قائم عجل الله تعالی فرجه و جشن نیمه شعبان',1);
INSERT INTO "calendar_days" VALUES('*','2025-03-19',NULL,NULL,'روز ملی شدن صنعت نفت ایران',1);
INSERT INTO "calendar_days" VALUES('*','2025-03-20',NULL,NULL,'آخرین روز سال',1);
INSERT INTO "calendar_days" VALUES('*','2025-03-21',NULL,NULL,'جشن نوروز',1);
INSERT INTO "calendar_days" VALUES('*','2025-03-22',NULL,NULL,'شهادت حضرت علی علیه السلام; عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2025-03-23',NULL,NULL,'عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2025-03-24',NULL,NULL,'عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2025-03-31',NULL,NULL,'عید سعید فطر',1);
INSERT INTO "calendar_days" VALUES('*','2025-04-01',NULL,NULL,'تعطیل به مناسبت عید سعید فطر; روز جمهوری اسلامی',1);
INSERT INTO "calendar_days" VALUES('*','2025-04-02',NULL,NULL,'روز طبیعت',1);
INSERT INTO "calendar_days" VALUES('*','2025-04-24',NULL,NULL,'شهادت امام جعفر صادق علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2025-06-04',NULL,NULL,'رحلت حضرت امام خمینی',1);
INSERT INTO "calendar_days" VALUES('*','2025-06-05',NULL,NULL,'قیام 15 خرداد',1);
INSERT INTO "calendar_days" VALUES('*','2025-06-06',NULL,NULL,'عید سعید قربان',1);
INSERT INTO "calendar_days" VALUES('*','2025-06-14',NULL,NULL,'عید سعید غدیر خم',1);
INSERT INTO "calendar_days" VALUES('*','2025-07-05',NULL,NULL,'تاسوعای حسینی',1);
INSERT INTO "calendar_days" VALUES('*','2025-07-06',NULL,NULL,'عاشورای حسینی',1);
INSERT INTO "calendar_days" VALUES('*','2025-08-14',NULL,NULL,'اربعین حسینی',1);
INSERT INTO "calendar_days" VALUES('*','2025-08-22',NULL,NULL,'رحلت رسول اکرم؛شهادت امام حسن مجتبی علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2025-08-24',NULL,NULL,'شهادت امام رضا علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2025-09-01',NULL,NULL,'شهادت امام حسن عسکری علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2025-09-10',NULL,NULL,'میلاد رسول اکرم و امام جعفر صادق علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2025-11-24',NULL,NULL,'شهادت حضرت فاطمه زهرا سلام الله علیها',1);
INSERT INTO "calendar_days" VALUES('*','2026-01-03',NULL,NULL,'ولادت امام علی علیه السلام و روز پدر',1);
INSERT INTO "calendar_days" VALUES('*','2026-01-17',NULL,NULL,'مبعث رسول اکرم (ص)',1);
INSERT INTO "calendar_days" VALUES('*','2026-02-04',NULL,NULL,'ولادت حضرت قائم عجل الله تعالی فرجه و جشن نیمه شعبان',1);
INSERT INTO "calendar_days" VALUES('*','2026-02-11',NULL,NULL,'پیروزی انقلاب اسلامی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-01',NULL,NULL,'تعطیلی عمومی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-02',NULL,NULL,'تعطیلی عمومی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-03',NULL,NULL,'تعطیلی عمومی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-04',NULL,NULL,'تعطیلی عمومی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-05',NULL,NULL,'تعطیلی عمومی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-06',NULL,NULL,'تعطیلی عمومی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-07',NULL,NULL,'تعطیلی عمومی',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-11',NULL,NULL,'شهادت حضرت علی علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-20',NULL,NULL,'روز ملی شدن صنعت نفت ایران',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-21',NULL,NULL,'جشن نوروز; عید سعید فطر',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-22',NULL,NULL,'تعطیل به مناسبت عید سعید فطر; عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-23',NULL,NULL,'عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2026-03-24',NULL,NULL,'عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2026-04-01',NULL,NULL,'روز جمهوری اسلامی',1);
INSERT INTO "calendar_days" VALUES('*','2026-04-02',NULL,NULL,'روز طبیعت',1);
INSERT INTO "calendar_days" VALUES('*','2026-04-14',NULL,NULL,'شهادت امام جعفر صادق علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2026-05-27',NULL,NULL,'عید سعید قربان',1);
INSERT INTO "calendar_days" VALUES('*','2026-06-04',NULL,NULL,'رحلت حضرت امام خمینی; عید سعید غدیر خم',1);
INSERT INTO "calendar_days" VALUES('*','2026-06-05',NULL,NULL,'قیام 15 خرداد',1);
INSERT INTO "calendar_days" VALUES('*','2026-06-24',NULL,NULL,'تاسوعای حسینی',1);
INSERT INTO "calendar_days" VALUES('*','2026-06-25',NULL,NULL,'عاشورای حسینی',1);
INSERT INTO "calendar_days" VALUES('*','2026-08-04',NULL,NULL,'اربعین حسینی',1);
INSERT INTO "calendar_days" VALUES('*','2026-08-12',NULL,NULL,'رحلت رسول اکرم؛شهادت امام حسن مجتبی علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2026-08-13',NULL,NULL,'شهادت امام رضا علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2026-08-21',NULL,NULL,'شهادت امام حسن عسکری علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2026-08-30',NULL,NULL,'میلاد رسول اکرم و امام جعفر صادق علیه السلام',1);
INSERT INTO "calendar_days" VALUES('*','2026-11-13',NULL,NULL,'شهادت حضرت فاطمه زهرا سلام الله علیها',1);
INSERT INTO "calendar_days" VALUES('*','2026-12-23',NULL,NULL,'ولادت امام علی علیه السلام و روز پدر',1);
INSERT INTO "calendar_days" VALUES('*','2027-01-06',NULL,NULL,'مبعث رسول اکرم (ص) (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-01-24',NULL,NULL,'ولادت حضرت قائم عجل الله تعالی فرجه و جشن نیمه شعبان (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-02-11',NULL,NULL,'پیروزی انقلاب اسلامی',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-01',NULL,NULL,'شهادت حضرت علی علیه السلام (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-10',NULL,NULL,'عید سعید فطر (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-11',NULL,NULL,'تعطیل به مناسبت عید سعید فطر (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-20',NULL,NULL,'روز ملی شدن صنعت نفت ایران',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-21',NULL,NULL,'جشن نوروز',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-22',NULL,NULL,'عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-23',NULL,NULL,'عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2027-03-24',NULL,NULL,'عیدنوروز',1);
INSERT INTO "calendar_days" VALUES('*','2027-04-01',NULL,NULL,'روز جمهوری اسلامی',1);
INSERT INTO "calendar_days" VALUES('*','2027-04-02',NULL,NULL,'روز طبیعت',1);
INSERT INTO "calendar_days" VALUES('*','2027-04-03',NULL,NULL,'شهادت امام جعفر صادق علیه السلام (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-05-17',NULL,NULL,'عید سعید قربان (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-05-25',NULL,NULL,'عید سعید غدیر خم (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-06-04',NULL,NULL,'رحلت حضرت امام خمینی',1);
INSERT INTO "calendar_days" VALUES('*','2027-06-05',NULL,NULL,'قیام 15 خرداد',1);
INSERT INTO "calendar_days" VALUES('*','2027-06-15',NULL,NULL,'تاسوعای حسینی (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-06-16',NULL,NULL,'عاشورای حسینی (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-07-25',NULL,NULL,'اربعین حسینی (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-08-02',NULL,NULL,'رحلت رسول اکرم؛شهادت امام حسن مجتبی علیه السلام (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-08-03',NULL,NULL,'شهادت امام رضا علیه السلام (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-08-11',NULL,NULL,'شهادت امام حسن عسکری علیه السلام (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-08-20',NULL,NULL,'میلاد رسول اکرم و امام جعفر صادق علیه السلام (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-11-03',NULL,NULL,'شهادت حضرت فاطمه زهرا سلام الله علیها (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-12-12',NULL,NULL,'ولادت امام علی علیه السلام و روز پدر (تخمینی)',1);
INSERT INTO "calendar_days" VALUES('*','2027-12-26',NULL,NULL,'مبعث رسول اکرم (ص) (تخمینی)',1);
CREATE TABLE checkpoints (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, event_id CHAR(32), projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (source)
);
INSERT INTO "checkpoints" VALUES('auth',28,'5b36de0f1f928692ae50d2a12770c45cfadd311a979d289f27033c881a76cae9','008f7f7d-a617-4873-9f04-e632929efbf0','ba9d2cc2999c58ec8b3a18b39bc4fd99',1);
CREATE TABLE command_ids (
	id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "command_ids" VALUES('9bf0fe4808884476915d2e954bc68d9b','8b3247ef2fb4a8d9a480917dbab3dff459bf3cb33cfbe7d5a6278f23a1e08677','2026-11-28 23:46:44.891409');
INSERT INTO "command_ids" VALUES('274cf188dd244d9b86c6da56a25fe444','1f8d31757880c7a5170d262a7fb158316960d575d2e207e19cbc29386c3a59e0','2026-11-28 23:46:45.097975');
INSERT INTO "command_ids" VALUES('b13e2d94395a406bb664e96bfb6ea012','2ef8d78290990206f2210eeae410743e8c9c59000dac420c183bcd4765679cfd','2026-11-28 23:46:45.384018');
CREATE TABLE decisions (
	position INTEGER NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	outcome VARCHAR(12) NOT NULL, 
	decided_by VARCHAR(60) NOT NULL, 
	decided_at DATETIME NOT NULL, 
	note CHAR(32), 
	PRIMARY KEY (position)
);
INSERT INTO "decisions" VALUES(3,'3412001',1405,'approved','officer:modir','2026-11-28 23:46:45.384018',NULL);
CREATE TABLE declarations (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	form TEXT NOT NULL, 
	PRIMARY KEY (member, year, version)
);
INSERT INTO "declarations" VALUES('3412001',1405,1,'2026-11-28 23:46:45.097975','{"mobile":"09131234567","email":"namayeshi@example.ir","phone":"","province":"isfahan","city":"اصفهان","address":"خیابان چهارباغ بالا، کوچه ۱۲، پلاک ۷","postal_code":"8173954321","residence_since":null,"education":"bachelor","discipline":"mining","licence_no":"","employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"employer":"معادن سنگ سپاهان","job_title":"","weekly_hours":44,"is_public_employee":false,"is_mine_operator":false,"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456","title":"معدن سنگ لاشه","client":"شرکت کاوش نمونه","province":"isfahan","contract_no":""}],"note":"","truth_ack":true}');
CREATE TABLE drafts (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	fields TEXT NOT NULL, 
	kept_at DATETIME NOT NULL, 
	PRIMARY KEY (member, year)
);
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
CREATE TABLE event_types (
	type VARCHAR(60) NOT NULL, 
	schema_version INTEGER NOT NULL, 
	"after" BIGINT NOT NULL, 
	PRIMARY KEY (type, schema_version)
);
INSERT INTO "event_types" VALUES('CalendarDaySet',1,0);
INSERT INTO "event_types" VALUES('DeclarationSubmitted',1,0);
INSERT INTO "event_types" VALUES('PolicyAmended',1,0);
INSERT INTO "event_types" VALUES('PolicyAmendmentDeclined',1,0);
INSERT INTO "event_types" VALUES('PolicyAmendmentRequested',1,0);
INSERT INTO "event_types" VALUES('RenewalApproved',1,0);
INSERT INTO "event_types" VALUES('RenewalRejected',1,0);
INSERT INTO "event_types" VALUES('RenewalRequested',1,0);
INSERT INTO "event_types" VALUES('RenewalReturned',1,0);
INSERT INTO "event_types" VALUES('RenewalWithdrawn',1,0);
CREATE TABLE events (
	position BIGINT NOT NULL, 
	stream VARCHAR(120) NOT NULL, 
	version INTEGER NOT NULL, 
	event_id CHAR(32) NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	data TEXT NOT NULL, 
	metadata TEXT NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	PRIMARY KEY (position), 
	CONSTRAINT one_version_once UNIQUE (stream, version), 
	CONSTRAINT one_cause_once UNIQUE (stream, event_id)
);
INSERT INTO "events" VALUES(1,'renewal/3412001/1405',1,'80deae9cb8115386b90ce48f57c47915','RenewalRequested','{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"tracking_code":"VC3DW5NJE9","requested_at":"2026-11-28T23:46:44.891409Z"}','{"correlation_id":"9bf0fe48-0888-4476-915d-2e954bc68d9b","causation_id":"9bf0fe48-0888-4476-915d-2e954bc68d9b","actor":"member:3412001","traceparent":""}','2026-11-28 23:46:44.893208');
INSERT INTO "events" VALUES(2,'renewal/3412001/1405',2,'d7b73df555dd5a4888d10f4e26773da3','DeclarationSubmitted','{"member":"3412001","year":1405,"declaration_version":1,"licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"submitted_at":"2026-11-28T23:46:45.097975Z","review_due_at":"2026-11-29T08:30:00Z","review_is_promised":true}','{"correlation_id":"274cf188-dd24-4d9b-86c6-da56a25fe444","causation_id":"274cf188-dd24-4d9b-86c6-da56a25fe444","actor":"member:3412001","traceparent":""}','2026-11-28 23:46:45.099714');
INSERT INTO "events" VALUES(3,'renewal/3412001/1405',3,'58e7edad3971520aa3ddeb4d4960322c','RenewalApproved','{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"unpaid_years":[],"never_paid":false,"paid_through":1404,"waivers":[],"note":null,"approved_by":"officer:modir","approved_at":"2026-11-28T23:46:45.384018Z"}','{"correlation_id":"b13e2d94-395a-406b-b664-e96bfb6ea012","causation_id":"b13e2d94-395a-406b-b664-e96bfb6ea012","actor":"officer:modir","traceparent":""}','2026-11-28 23:46:45.386256');
CREATE TABLE former_epochs (
	number INTEGER NOT NULL, 
	epoch VARCHAR(36) NOT NULL, 
	began_at BIGINT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE late_events (
	version INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (version, source, position)
);
CREATE TABLE log_head (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, epoch_began_at BIGINT DEFAULT '0' NOT NULL, projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log_head" VALUES(1,3,'5199633c-461d-494b-8a3f-d00e15dcba13',0,1);
CREATE TABLE members (
	member VARCHAR(12) NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	licence TEXT NOT NULL, 
	PRIMARY KEY (member)
);
INSERT INTO "members" VALUES('3412001','isfahan','{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"}');
INSERT INTO "members" VALUES('3412002','isfahan','{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"}');
INSERT INTO "members" VALUES('3412003','isfahan','{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"}');
INSERT INTO "members" VALUES('3412004','isfahan','{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"}');
INSERT INTO "members" VALUES('3412005','isfahan','{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"}');
INSERT INTO "members" VALUES('3412006','isfahan','{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"}');
INSERT INTO "members" VALUES('3412007','isfahan','{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"}');
INSERT INTO "members" VALUES('3412008','isfahan','{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"}');
INSERT INTO "members" VALUES('0412009','isfahan','{"member_class":"intern","fields":[],"expires_on":null}');
INSERT INTO "members" VALUES('3412010','isfahan','{"member_class":"intern","fields":[],"expires_on":null}');
INSERT INTO "members" VALUES('3412011','isfahan','{"member_class":"unlicensed","fields":[],"expires_on":null}');
INSERT INTO "members" VALUES('3412012','isfahan','{"member_class":"unlicensed","fields":[],"expires_on":null}');
INSERT INTO "members" VALUES('5117001','fars','{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"}');
INSERT INTO "members" VALUES('5117002','fars','{"member_class":"unlicensed","fields":[],"expires_on":null}');
CREATE TABLE mine_claims (
	mine TEXT NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	cadastre_code VARCHAR(30) NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	PRIMARY KEY (mine, member, year)
);
INSERT INTO "mine_claims" VALUES('123456','3412001',1405,'12-3456','2026-09-23','2027-03-20','2026-11-28 23:46:45.097975');
CREATE TABLE notes (
	note CHAR(32) NOT NULL, 
	member VARCHAR(12), 
	text TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	PRIMARY KEY (note)
);
CREATE TABLE officer_set_ups (
	officer VARCHAR(60) NOT NULL, 
	"by" VARCHAR(60) NOT NULL, 
	at DATETIME NOT NULL, 
	is_alone BOOLEAN NOT NULL, 
	PRIMARY KEY (officer, "by")
);
INSERT INTO "officer_set_ups" VALUES('officer:admin','program:auth','2026-11-28 23:46:43.422799',1);
INSERT INTO "officer_set_ups" VALUES('officer:rahbar','officer:admin','2026-11-28 23:46:43.825309',1);
INSERT INTO "officer_set_ups" VALUES('officer:modir','officer:rahbar','2026-11-28 23:46:44.000414',0);
INSERT INTO "officer_set_ups" VALUES('officer:moaven','officer:rahbar','2026-11-28 23:46:44.059068',0);
INSERT INTO "officer_set_ups" VALUES('officer:khazanedar','officer:rahbar','2026-11-28 23:46:44.117854',0);
INSERT INTO "officer_set_ups" VALUES('officer:hesabdar','officer:rahbar','2026-11-28 23:46:44.213276',0);
INSERT INTO "officer_set_ups" VALUES('officer:modir-fars','officer:rahbar','2026-11-28 23:46:44.315357',0);
INSERT INTO "officer_set_ups" VALUES('officer:bazres','officer:rahbar','2026-11-28 23:46:44.371395',0);
CREATE TABLE officers (
	officer VARCHAR(60) NOT NULL, 
	is_admin BOOLEAN NOT NULL, 
	PRIMARY KEY (officer)
);
INSERT INTO "officers" VALUES('officer:admin',1);
INSERT INTO "officers" VALUES('officer:rahbar',1);
INSERT INTO "officers" VALUES('officer:modir',0);
INSERT INTO "officers" VALUES('officer:moaven',0);
INSERT INTO "officers" VALUES('officer:khazanedar',0);
INSERT INTO "officers" VALUES('officer:hesabdar',0);
INSERT INTO "officers" VALUES('officer:modir-fars',0);
INSERT INTO "officers" VALUES('officer:bazres',0);
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
INSERT INTO "projection_versions" VALUES(1,'renewal',0,'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "projection_versions" VALUES(1,'auth',0,'0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE reads (
	member VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	officer VARCHAR(40) NOT NULL, 
	message VARCHAR(40) NOT NULL, 
	year INTEGER NOT NULL, 
	roles VARCHAR(60) NOT NULL, 
	PRIMARY KEY (member, at, officer, message, year)
);
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','admin','GetRenewal',0,'admin');
INSERT INTO "reads" VALUES('','2026-11-28 23:40:00.000000','admin','ReadEvents',0,'admin');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','ListDesk',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','GetRenewal',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','ApproveRenewal',1405,'finance manager');
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
CREATE TABLE register_history (
	member VARCHAR(12) NOT NULL, 
	position INTEGER NOT NULL, 
	member_class VARCHAR(20) NOT NULL, 
	paid_through INTEGER, 
	changed_at DATETIME NOT NULL, 
	PRIMARY KEY (member, position)
);
INSERT INTO "register_history" VALUES('3412001',15,'grade_2',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412002',16,'grade_2',1402,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412003',17,'grade_3',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412004',18,'grade_3',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412005',19,'grade_1',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412006',20,'grade_1',1403,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412007',21,'senior',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412008',22,'senior',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('0412009',23,'intern',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412010',24,'intern',NULL,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412011',25,'unlicensed',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('3412012',26,'unlicensed',1401,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('5117001',27,'grade_2',1404,'2026-11-28 23:46:44.386718');
INSERT INTO "register_history" VALUES('5117002',28,'unlicensed',1404,'2026-11-28 23:46:44.386718');
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,3,'3302f5ac7d69962969c44764b0c3f3604c642db81ffc2bfa8b19fc6a6cb16693');
CREATE TABLE renewals (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	licence TEXT NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	tracking_code VARCHAR(12) NOT NULL, 
	requested_at DATETIME NOT NULL, 
	submitted_at DATETIME, 
	review_due_at DATETIME, 
	desk_place DATETIME, 
	employment TEXT, 
	jobs TEXT NOT NULL, 
	PRIMARY KEY (member, year)
);
INSERT INTO "renewals" VALUES('3412001',1405,'isfahan','{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"}','approved','VC3DW5NJE9','2026-11-28 23:46:44.891409','2026-11-28 23:46:45.097975','2026-11-29 08:30:00.000000','2026-11-29 08:30:00.000000','{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"}','[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}]');
CREATE TABLE retention_runs (
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	deleted INTEGER NOT NULL, 
	PRIMARY KEY (kind, at)
);
INSERT INTO "retention_runs" VALUES('reads','2026-11-28 23:46:43.613114',0);
INSERT INTO "retention_runs" VALUES('drafts','2026-11-28 23:46:43.613114',0);
INSERT INTO "retention_runs" VALUES('declarations','2026-11-28 23:46:43.613114',0);
INSERT INTO "retention_runs" VALUES('decision_notes','2026-11-28 23:46:43.613114',0);
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'3cc6238ec6e77784934ab739311c49a88e62ea886969f5ba79b8e38c495b2bfa','CUcY4jOyC/gwmZjdxf/u8Ok0UGQfmz/kfGRlDpU/mRt2lurd80uNMlv5fq01hZFyQMnbicGByHQtG0V0Qa/5AQ==');
INSERT INTO "seals" VALUES(2,'2ce4fa7104520021919934a2117d2a29a125a2544fc2f07bdaaa084ccad5d497','zXkD9O6k6q5pknvSlowow21C/Uk1GnCkXcyuMPFJ2yltrqhYwspgoa4RL6nq4vKcOloXa4Cjyqy1faUeJrbUBg==');
INSERT INTO "seals" VALUES(3,'3302f5ac7d69962969c44764b0c3f3604c642db81ffc2bfa8b19fc6a6cb16693','0/+Ktlp5SALNKkFdXnbj6bBk6ZyCajTdO0uANq5lO87wlmpkWwYc5ccbowiTu/fLlPdZwafJJvFFbZxQ/sJCBw==');
CREATE TABLE unknown_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	schema_version INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE INDEX ix_declarations_submitted_at ON declarations (submitted_at);
CREATE INDEX ix_notes_written_at ON notes (written_at);
CREATE INDEX ix_notes_member ON notes (member);
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE UNIQUE INDEX one_rebuild_runs ON rebuilds (status) WHERE status = 'running';
CREATE INDEX decisions_of_renewal ON decisions (member, year);
CREATE INDEX mine_claims_of_renewal ON mine_claims (member, year);
CREATE INDEX desk ON renewals (province, status, desk_place);
COMMIT;
