BEGIN TRANSACTION;
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
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source)
);
INSERT INTO "checkpoints" VALUES('auth',28,'6ba56d2071fcafc8ae432d56dd4c008fb807a3937d3ddb30d0319f37f5ebea1f');
CREATE TABLE command_ids (
	id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "command_ids" VALUES('d37590013741401bb6119dfe0cc87bc0','8b3247ef2fb4a8d9a480917dbab3dff459bf3cb33cfbe7d5a6278f23a1e08677','2026-11-28 17:16:34.797939');
INSERT INTO "command_ids" VALUES('8bb84469b5174f9c92cff6dbf6099cf6','1f8d31757880c7a5170d262a7fb158316960d575d2e207e19cbc29386c3a59e0','2026-11-28 17:16:36.197810');
INSERT INTO "command_ids" VALUES('e97fcfdba831481da431cd3aeb73a15f','2ef8d78290990206f2210eeae410743e8c9c59000dac420c183bcd4765679cfd','2026-11-28 17:16:37.857252');
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
INSERT INTO "decisions" VALUES(3,'3412001',1405,'approved','officer:modir','2026-11-28 17:16:37.857252',NULL);
CREATE TABLE declarations (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	form TEXT NOT NULL, 
	PRIMARY KEY (member, year, version)
);
INSERT INTO "declarations" VALUES('3412001',1405,1,'2026-11-28 17:16:36.197810','{"mobile":"09131234567","email":"namayeshi@example.ir","phone":"","province":"isfahan","city":"اصفهان","address":"خیابان چهارباغ بالا، کوچه ۱۲، پلاک ۷","postal_code":"8173954321","residence_since":null,"education":"bachelor","discipline":"mining","licence_no":"","employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"employer":"معادن سنگ سپاهان","job_title":"","weekly_hours":44,"is_public_employee":false,"is_mine_operator":false,"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456","title":"معدن سنگ لاشه","client":"شرکت کاوش نمونه","province":"isfahan","contract_no":""}],"note":"","truth_ack":true}');
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
INSERT INTO "events" VALUES(1,'renewal/3412001/1405',1,'b6903d6fdb7658f48fe6ddffe84a1b2e','RenewalRequested','{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"tracking_code":"0YYGC6RZXC","requested_at":"2026-11-28T17:16:34.797939Z"}','{"correlation_id":"d3759001-3741-401b-b611-9dfe0cc87bc0","causation_id":"d3759001-3741-401b-b611-9dfe0cc87bc0","actor":"member:3412001","traceparent":""}','2026-11-28 17:16:34.815398');
INSERT INTO "events" VALUES(2,'renewal/3412001/1405',2,'5259d7d3732457b98516b38fcffae4c5','DeclarationSubmitted','{"member":"3412001","year":1405,"declaration_version":1,"licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"submitted_at":"2026-11-28T17:16:36.197810Z","review_due_at":"2026-11-29T08:30:00Z","review_is_promised":true}','{"correlation_id":"8bb84469-b517-4f9c-92cf-f6dbf6099cf6","causation_id":"8bb84469-b517-4f9c-92cf-f6dbf6099cf6","actor":"member:3412001","traceparent":""}','2026-11-28 17:16:36.199997');
INSERT INTO "events" VALUES(3,'renewal/3412001/1405',3,'61e2914e0fa15217bd88f55835122324','RenewalApproved','{"member":"3412001","year":1405,"province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"employment":{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"},"jobs":[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}],"unpaid_years":[],"never_paid":false,"paid_through":1404,"waivers":[],"note":null,"approved_by":"officer:modir","approved_at":"2026-11-28T17:16:37.857252Z"}','{"correlation_id":"e97fcfdb-a831-481d-a431-cd3aeb73a15f","causation_id":"e97fcfdb-a831-481d-a431-cd3aeb73a15f","actor":"officer:modir","traceparent":""}','2026-11-28 17:16:37.866580');
CREATE TABLE log_head (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log_head" VALUES(1,3);
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
INSERT INTO "mine_claims" VALUES('123456','3412001',1405,'12-3456','2026-09-23','2027-03-20','2026-11-28 17:16:36.197810');
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
INSERT INTO "officer_set_ups" VALUES('officer:admin','program:auth','2026-11-28 17:16:26.039369',1);
INSERT INTO "officer_set_ups" VALUES('officer:rahbar','officer:admin','2026-11-28 17:16:28.107455',1);
INSERT INTO "officer_set_ups" VALUES('officer:modir','officer:rahbar','2026-11-28 17:16:28.966509',0);
INSERT INTO "officer_set_ups" VALUES('officer:moaven','officer:rahbar','2026-11-28 17:16:29.223010',0);
INSERT INTO "officer_set_ups" VALUES('officer:khazanedar','officer:rahbar','2026-11-28 17:16:29.556344',0);
INSERT INTO "officer_set_ups" VALUES('officer:hesabdar','officer:rahbar','2026-11-28 17:16:29.917445',0);
INSERT INTO "officer_set_ups" VALUES('officer:modir-fars','officer:rahbar','2026-11-28 17:16:30.315732',0);
INSERT INTO "officer_set_ups" VALUES('officer:bazres','officer:rahbar','2026-11-28 17:16:30.761312',0);
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
CREATE TABLE reads (
	member VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	officer VARCHAR(40) NOT NULL, 
	message VARCHAR(40) NOT NULL, 
	year INTEGER NOT NULL, 
	roles VARCHAR(60) NOT NULL, 
	PRIMARY KEY (member, at, officer, message, year)
);
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','admin','GetRenewal',0,'admin');
INSERT INTO "reads" VALUES('','2026-11-28 17:10:00.000000','admin','ReadEvents',0,'admin');
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','ListDesk',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','GetRenewal',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 17:10:00.000000','modir','ApproveRenewal',1405,'finance manager');
CREATE TABLE register_history (
	member VARCHAR(12) NOT NULL, 
	position INTEGER NOT NULL, 
	member_class VARCHAR(20) NOT NULL, 
	paid_through INTEGER, 
	changed_at DATETIME NOT NULL, 
	PRIMARY KEY (member, position)
);
INSERT INTO "register_history" VALUES('3412001',15,'grade_2',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412002',16,'grade_2',1402,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412003',17,'grade_3',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412004',18,'grade_3',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412005',19,'grade_1',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412006',20,'grade_1',1403,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412007',21,'senior',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412008',22,'senior',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('0412009',23,'intern',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412010',24,'intern',NULL,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412011',25,'unlicensed',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('3412012',26,'unlicensed',1401,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('5117001',27,'grade_2',1404,'2026-11-28 17:16:30.923988');
INSERT INTO "register_history" VALUES('5117002',28,'unlicensed',1404,'2026-11-28 17:16:30.923988');
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,3,'64988c640b0d4cba7a560f5df97f3fdcdfc0ed1dbf7a6b76c461c21c83ed3387');
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
INSERT INTO "renewals" VALUES('3412001',1405,'isfahan','{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"}','approved','0YYGC6RZXC','2026-11-28 17:16:34.797939','2026-11-28 17:16:36.197810','2026-11-29 08:30:00.000000','2026-11-29 08:30:00.000000','{"status":"private_full_time","province":"isfahan","from_on":"2026-03-21","to_on":"2026-09-22"}','[{"kind":"mine_technical_manager","degree":4,"field":"extraction","quantity":"1","starts_on":"2026-09-23","ends_on":"2027-03-20","cadastre_code":"12-3456"}]');
CREATE TABLE retention_runs (
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	deleted INTEGER NOT NULL, 
	PRIMARY KEY (kind, at)
);
INSERT INTO "retention_runs" VALUES('reads','2026-11-28 17:16:27.273537',0);
INSERT INTO "retention_runs" VALUES('drafts','2026-11-28 17:16:27.273537',0);
INSERT INTO "retention_runs" VALUES('declarations','2026-11-28 17:16:27.273537',0);
INSERT INTO "retention_runs" VALUES('decision_notes','2026-11-28 17:16:27.273537',0);
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'30bbaeed244f6b6dc0caab16b3ed650f4d6913ce649ed6b2ac4aa73ee2f4a489','csPm/TmxnhjjTDxY/MtYDRrwkFZ0JmulbKfXaNnRXNlk5wLvINdemSPwZnlegfkutu2iQPBMxXVJ4PzgPU5aDg==');
INSERT INTO "seals" VALUES(2,'1d3c4e167c6df2ea6b029958ee8722af5da14d68c238a2254261eb03200ef516','4BVTs4MaPxiiP+p45nAS9q6mfUVwJ9yqNtdbrpAVFOhpkOIgI4IwZ3XDGZoMVaivriIZDoAkr0aeryIQasIUBw==');
INSERT INTO "seals" VALUES(3,'64988c640b0d4cba7a560f5df97f3fdcdfc0ed1dbf7a6b76c461c21c83ed3387','Ty1/EkwzoEWsTcSl34Hj8GBIb0KnjIdWoWRWghfAStJSzqr1ZCKGaGO6zooewEJsDuaj7Jn/BjnZWyCPa4rKBg==');
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX decisions_of_renewal ON decisions (member, year);
CREATE INDEX ix_declarations_submitted_at ON declarations (submitted_at);
CREATE INDEX mine_claims_of_renewal ON mine_claims (member, year);
CREATE INDEX ix_notes_written_at ON notes (written_at);
CREATE INDEX ix_notes_member ON notes (member);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE INDEX desk ON renewals (province, status, desk_place);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
COMMIT;
