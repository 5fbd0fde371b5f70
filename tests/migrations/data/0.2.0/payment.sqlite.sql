BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002_from_0001');
CREATE TABLE alerts (
	kind VARCHAR(30) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	attempt CHAR(32), 
	member VARCHAR(12) NOT NULL, 
	year INTEGER, 
	province VARCHAR(20) NOT NULL, 
	times INTEGER NOT NULL, 
	first_at DATETIME NOT NULL, 
	last_at DATETIME NOT NULL, 
	PRIMARY KEY (kind, subject)
);
INSERT INTO "alerts" VALUES('callback_again','f4e684ec-0441-48ec-a28a-202f73e43035','f4e684ec044148eca28a202f73e43035','3412001',1405,'isfahan',0,'2026-11-28 23:46:45.819374','2026-11-28 23:46:45.819374');
CREATE TABLE attempts (
	attempt CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	bank_reference VARCHAR(100) NOT NULL, 
	card_mask VARCHAR(100) NOT NULL, 
	cause VARCHAR(60) NOT NULL, 
	refunded_rials BIGINT NOT NULL, 
	PRIMARY KEY (attempt), 
	CONSTRAINT one_authority_once UNIQUE (bank, authority)
);
INSERT INTO "attempts" VALUES('f4e684ec044148eca28a202f73e43035','3412001',1405,'zarinpal','S0810f122404044cba41a15c3ae1dc352df9',9000000,'settled','2026-11-28 23:46:45.629945','2026-11-28 23:46:45.819374','200000001','502229******5995','',0);
CREATE TABLE bank_exchanges (
	number INTEGER NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	"query" VARCHAR(30) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	request TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	is_usable BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "bank_exchanges" VALUES(1,'zarinpal','unVerified','','{"merchant_id": "1111…"}','200 {"data":{"authorities":[],"code":"100","message":"Success","x_d643a3":"text"},"errors":[]}
',1,'2026-11-28 23:46:43.671572');
INSERT INTO "bank_exchanges" VALUES(2,'zarinpal','request','S0810f122404044cba41a15c3ae1dc352df9','{"merchant_id": "1111…", "amount": 9000000, "currency": "IRR", "description": "حق عضویت سال ۱۴۰۵", "callback_url": "http://127.0.0.1:14919/payment/return?attempt=f4e684ec-0441-48ec-a28a-202f73e43035", "metadata": {"order_id": "f4e684ec-0441-48ec-a28a-202f73e43035", "auto_verify": false}}','200 {"data":{"authority":"S0810f122404044cba41a15c3ae1dc352df9","code":100,"fee":100,"fee_type":"Merchant","message":"Success","x_5c6fb4":{}},"errors":[]}
',1,'2026-11-28 23:46:45.645314');
INSERT INTO "bank_exchanges" VALUES(3,'zarinpal','verify','S0810f122404044cba41a15c3ae1dc352df9','{"merchant_id": "1111…", "authority": "S0810f122404044cba41a15c3ae1dc352df9", "amount": 9000000}','200 {"data":{"card_hash":"1EBE3EBEBE35C7EC0F8D6EE4F2F859107A87822CA179BC9528767EA7B5489B69","card_pan":"502229******5995","code":100,"fee":0,"fee_type":"Merchant","message":"Success","ref_id":"200000001","x_ec9708":"text"},"errors":[]}
',1,'2026-11-28 23:46:45.838653');
CREATE TABLE bank_health (
	bank VARCHAR(20) NOT NULL, 
	failures INTEGER NOT NULL, 
	failing_since DATETIME, 
	answered_at DATETIME, 
	down_since DATETIME, 
	PRIMARY KEY (bank)
);
INSERT INTO "bank_health" VALUES('zarinpal',0,NULL,'2026-11-28 23:46:45.838653',NULL);
CREATE TABLE bank_references (
	bank VARCHAR(20) NOT NULL, 
	reference VARCHAR(100) NOT NULL, 
	attempt CHAR(32) NOT NULL, 
	PRIMARY KEY (bank, reference)
);
INSERT INTO "bank_references" VALUES('zarinpal','200000001','f4e684ec044148eca28a202f73e43035');
CREATE TABLE checkpoints (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, event_id CHAR(32), projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (source)
);
INSERT INTO "checkpoints" VALUES('auth',28,'5b36de0f1f928692ae50d2a12770c45cfadd311a979d289f27033c881a76cae9','008f7f7d-a617-4873-9f04-e632929efbf0','ba9d2cc2999c58ec8b3a18b39bc4fd99',1);
INSERT INTO "checkpoints" VALUES('renewal',3,'3302f5ac7d69962969c44764b0c3f3604c642db81ffc2bfa8b19fc6a6cb16693','5199633c-461d-494b-8a3f-d00e15dcba13','58e7edad3971520aa3ddeb4d4960322c',1);
INSERT INTO "checkpoints" VALUES('bank',1,'045c3d1b7646400ca39180f654b9b21d33e14428f5d7b59471b5b881c989fa42','5ff23676-bc37-4453-b192-998f4e965958','cf73309fabe85527ab1ed6f7e7e02d55',1);
CREATE TABLE closed_days (
	bank VARCHAR(20) NOT NULL, 
	"on" DATE NOT NULL, 
	closed_by VARCHAR(60) NOT NULL, 
	closed_at DATETIME NOT NULL, 
	reopened_by VARCHAR(60) NOT NULL, 
	reopened_at DATETIME, 
	PRIMARY KEY (bank, "on")
);
CREATE TABLE command_ids (
	id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "command_ids" VALUES('a73b7f6e373c49899591d99a4301c373','0fe7aa150a2d8f42d3874faf8131636e7fdce127d448c17122f0bdf22fec0506','2026-11-28 23:46:45.629945');
INSERT INTO "command_ids" VALUES('558083e86bc345cd839f71d2807a2852','ea2124d6bdad95b5c97c4d85daa31cf70fcfe42868749d0ed71c290ab8d3e6fe','2026-11-28 23:46:46.864005');
CREATE TABLE covered_years (
	member VARCHAR(12) NOT NULL, 
	for_year INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	"by" VARCHAR(10) NOT NULL, 
	invoice_year INTEGER, 
	PRIMARY KEY (member, for_year, year)
);
CREATE TABLE credits (
	position BIGINT NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	from_year INTEGER NOT NULL, 
	to_year INTEGER NOT NULL, 
	attempt CHAR(32), 
	amount_rials BIGINT NOT NULL, 
	PRIMARY KEY (position)
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
INSERT INTO "event_types" VALUES('BankOutageBegan',1,0);
INSERT INTO "event_types" VALUES('BankOutageEnded',1,0);
INSERT INTO "event_types" VALUES('ConfirmationWithdrawn',1,0);
INSERT INTO "event_types" VALUES('CreditCounted',1,0);
INSERT INTO "event_types" VALUES('CreditReturned',1,0);
INSERT INTO "event_types" VALUES('CreditTaken',1,0);
INSERT INTO "event_types" VALUES('CreditWithdrawn',1,0);
INSERT INTO "event_types" VALUES('DayClosed',1,0);
INSERT INTO "event_types" VALUES('DayReopened',1,0);
INSERT INTO "event_types" VALUES('DuplicatePaymentFound',1,0);
INSERT INTO "event_types" VALUES('InvoiceCancelled',1,0);
INSERT INTO "event_types" VALUES('InvoiceExtended',1,0);
INSERT INTO "event_types" VALUES('InvoiceIssued',2,0);
INSERT INTO "event_types" VALUES('InvoiceReplaced',1,0);
INSERT INTO "event_types" VALUES('ManualPaymentGranted',1,0);
INSERT INTO "event_types" VALUES('ManualPaymentRequested',1,0);
INSERT INTO "event_types" VALUES('PaymentConfirmed',1,0);
INSERT INTO "event_types" VALUES('PaymentFailed',1,0);
INSERT INTO "event_types" VALUES('PaymentHeld',1,0);
INSERT INTO "event_types" VALUES('PaymentReversed',1,0);
INSERT INTO "event_types" VALUES('PaymentSettled',1,0);
INSERT INTO "event_types" VALUES('PaymentStarted',1,0);
INSERT INTO "event_types" VALUES('RefundDue',1,0);
INSERT INTO "event_types" VALUES('RefundGranted',1,0);
INSERT INTO "event_types" VALUES('RefundPaid',1,0);
INSERT INTO "event_types" VALUES('RefundRequested',1,0);
INSERT INTO "event_types" VALUES('RequestDeclined',1,0);
INSERT INTO "event_types" VALUES('StatementCounted',1,0);
INSERT INTO "event_types" VALUES('WriteOffGranted',1,0);
INSERT INTO "event_types" VALUES('WriteOffRequested',1,0);
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
INSERT INTO "events" VALUES(1,'invoice/3412001/1405',1,'a41dfb41c3ff5b4a9ed211692a383779','InvoiceIssued','{"member":"3412001","year":1405,"province":"isfahan","lines":[{"year":1405,"member_class":"grade_2","amount_rials":9000000}],"entrance_rials":0,"waivers":[],"waived_by":"","waiver_persons":[],"amount_rials":9000000,"covered":[],"issued_at":"2026-11-28T23:46:45.418399Z","payable_until":"2026-12-28T23:46:45.418399Z","schema_version":2}','{"correlation_id":"b13e2d94-395a-406b-b664-e96bfb6ea012","causation_id":"58e7edad-3971-520a-a3dd-eb4d4960322c","actor":"officer:modir","traceparent":""}','2026-11-28 23:46:45.419368');
INSERT INTO "events" VALUES(2,'invoice/3412001/1405',2,'18bdad7f24365fb3862ac54d1061ce8c','PaymentStarted','{"member":"3412001","year":1405,"attempt":"f4e684ec-0441-48ec-a28a-202f73e43035","authority":"S0810f122404044cba41a15c3ae1dc352df9","bank":"zarinpal","amount_rials":9000000,"started_at":"2026-11-28T23:46:45.629945Z"}','{"correlation_id":"a73b7f6e-373c-4989-9591-d99a4301c373","causation_id":"a73b7f6e-373c-4989-9591-d99a4301c373","actor":"member:3412001","traceparent":""}','2026-11-28 23:46:45.649082');
INSERT INTO "events" VALUES(3,'invoice/3412001/1405',3,'9d451d58f6645cc393075ede97167c8a','PaymentSettled','{"member":"3412001","year":1405,"province":"isfahan","attempt":"f4e684ec-0441-48ec-a28a-202f73e43035","authority":"S0810f122404044cba41a15c3ae1dc352df9","bank":"zarinpal","amount_rials":9000000,"bank_reference":"200000001","card_mask":"502229******5995","settled_at":"2026-11-28T23:46:45.819374Z"}','{"correlation_id":"a2440b6f-cebd-5ecd-9a65-b6572f804acc","causation_id":"a2440b6f-cebd-5ecd-9a65-b6572f804acc","actor":"program:payment","traceparent":""}','2026-11-28 23:46:45.840251');
INSERT INTO "events" VALUES(4,'invoice/3412001/1405',4,'cf2bf82a088c51f7be6da4d180f9e20b','PaymentConfirmed','{"member":"3412001","year":1405,"province":"isfahan","amount_rials":9000000,"confirmed_by":"officer:modir","confirmed_at":"2026-11-28T23:46:46.864005Z"}','{"correlation_id":"558083e8-6bc3-45cd-839f-71d2807a2852","causation_id":"558083e8-6bc3-45cd-839f-71d2807a2852","actor":"officer:modir","traceparent":""}','2026-11-28 23:46:46.866438');
CREATE TABLE former_epochs (
	number INTEGER NOT NULL, 
	epoch VARCHAR(36) NOT NULL, 
	began_at BIGINT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE invoices (
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	lines TEXT NOT NULL, 
	entrance_rials BIGINT NOT NULL, 
	waivers TEXT NOT NULL, 
	waived_by VARCHAR(60) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	payable_until DATETIME NOT NULL, 
	replaced_by_year INTEGER, 
	reversed_at DATETIME, 
	cancelled_at DATETIME, 
	received_rials BIGINT NOT NULL, 
	written_off_rials BIGINT NOT NULL, 
	settled_at DATETIME, 
	confirmed_at DATETIME, 
	bank_reference VARCHAR(100) NOT NULL, 
	card_mask VARCHAR(100) NOT NULL, 
	PRIMARY KEY (member, year)
);
INSERT INTO "invoices" VALUES('3412001',1405,'isfahan','[{"year":1405,"member_class":"grade_2","amount_rials":9000000}]',0,'[]','',9000000,'confirmed','2026-11-28 23:46:45.418399','2026-12-28 23:46:45.418399',NULL,NULL,NULL,9000000,0,'2026-11-28 23:46:45.819374','2026-11-28 23:46:46.864005','200000001','502229******5995');
CREATE TABLE late_events (
	version INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (version, source, position)
);
CREATE TABLE ledger_entries (
	position BIGINT NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	kind VARCHAR(12) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	reference VARCHAR(100) NOT NULL, 
	"by" VARCHAR(60) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "ledger_entries" VALUES(1,'3412001',1405,'charge',-9000000,'','','officer:modir','2026-11-28 23:46:45.419368');
INSERT INTO "ledger_entries" VALUES(3,'3412001',1405,'payment',9000000,'zarinpal','200000001','program:payment','2026-11-28 23:46:45.840251');
CREATE TABLE log_head (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, epoch_began_at BIGINT DEFAULT '0' NOT NULL, projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "log_head" VALUES(1,4,'933b1e13-bc5e-48f2-8e89-29902d30d49c',0,1);
CREATE TABLE money_tasks (
	task CHAR(32) NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	year INTEGER NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	attempt CHAR(32), 
	amount_rials BIGINT NOT NULL, 
	cause VARCHAR(60) NOT NULL, 
	requested_by VARCHAR(60) NOT NULL, 
	granted_by VARCHAR(60) NOT NULL, 
	since DATETIME NOT NULL, 
	PRIMARY KEY (task)
);
CREATE TABLE notes (
	note CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	text TEXT NOT NULL, 
	written_at DATETIME NOT NULL, 
	PRIMARY KEY (note)
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
INSERT INTO "reads" VALUES('','2026-11-28 23:40:00.000000','admin','ReadEvents',0,'admin');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','EstimateFee',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','ListPayments',1405,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','GetInvoices',0,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','ConfirmPayment',1405,'finance manager');
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
CREATE TABLE receipts (
	token CHAR(32) NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	series_year INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	invoice_year INTEGER NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	bank_reference VARCHAR(100) NOT NULL, 
	paid_at DATETIME NOT NULL, 
	reversed_at DATETIME, 
	refunded_rials BIGINT NOT NULL, 
	PRIMARY KEY (token), 
	CONSTRAINT one_number_once UNIQUE (province, series_year, number)
);
INSERT INTO "receipts" VALUES('fcbe07a1b497556888927fa0ed9e5238','isfahan',1405,1,'3412001',1405,9000000,'200000001','2026-11-28 23:46:45.819374',NULL,0);
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
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,4,'763178427f14a7b732bbbcd39ca1cb05d40318aaa54d48fd20ca72e480b52e5d');
CREATE TABLE retention_runs (
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	deleted INTEGER NOT NULL, 
	PRIMARY KEY (kind, at)
);
INSERT INTO "retention_runs" VALUES('reads','2026-11-28 23:46:43.618080',0);
INSERT INTO "retention_runs" VALUES('money_notes','2026-11-28 23:46:43.618080',0);
INSERT INTO "retention_runs" VALUES('bank_exchanges','2026-11-28 23:46:43.618080',0);
INSERT INTO "retention_runs" VALUES('alerts','2026-11-28 23:46:43.618080',0);
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'cce94d81fff9a5247960793e6735dc3dbfca6fd4c1efaa4069fe7cd0fffb69f7','fT+ycshnNrN41lIeaTbDZL/d2/Otki3YIBkdhzWzUeujpMiu1kPUczjsbjjVkDnYCfZZIZLIlAuM7Y2wS7c6Bg==');
INSERT INTO "seals" VALUES(2,'182cf351c8a385ff1bb9c9492c473ccaad7f48b5411d94393edfb0dff4a6208f','ZexSnhA0VjQPZNX8mtHGF457yV1yeYczLMmtNuDrhNnrA5U5mt0deBeGOMOHBCjNiSbnH8DxU4aSVcPatQSFDw==');
INSERT INTO "seals" VALUES(3,'b57f60b597b878888bc4e1ae667d8c71f2eeec802a76011349c908d31e4cbda1','31be8qfCVEOHtWVcmWD611jQRlnWOcEU/jqGCPrZc04F0ZYN65siDEav7DwAM6BGxm9NLJVRrysA8hKt9MnuAA==');
INSERT INTO "seals" VALUES(4,'763178427f14a7b732bbbcd39ca1cb05d40318aaa54d48fd20ca72e480b52e5d','Ao8IclKiDw52WSV0oedSPA4YhRDU8kctb0ry2I4eFgo0heUMgbulUj9Io1pj/u4hVMx0s2B5vRz6g7zH4IcNBw==');
CREATE TABLE statement_disputes (
	statement VARCHAR(64) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	PRIMARY KEY (statement, authority)
);
CREATE TABLE statement_lines (
	statement VARCHAR(64) NOT NULL, 
	line INTEGER NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	authority VARCHAR(40) NOT NULL, 
	amount_rials BIGINT NOT NULL, 
	fee_rials BIGINT NOT NULL, 
	bank_reference VARCHAR(100) NOT NULL, 
	status VARCHAR(10) NOT NULL, 
	paid_at DATETIME NOT NULL, 
	settlement VARCHAR(60) NOT NULL, 
	PRIMARY KEY (statement, line)
);
CREATE TABLE statements (
	statement VARCHAR(64) NOT NULL, 
	bank VARCHAR(20) NOT NULL, 
	lines INTEGER NOT NULL, 
	total_rials BIGINT NOT NULL, 
	opened_by VARCHAR(60) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	counted_by VARCHAR(60) NOT NULL, 
	counted_at DATETIME, 
	is_correction BOOLEAN NOT NULL, 
	corrects VARCHAR(64) NOT NULL, 
	corrected_by VARCHAR(64) NOT NULL, 
	PRIMARY KEY (statement)
);
CREATE TABLE timers (
	kind VARCHAR(20) NOT NULL, 
	"key" VARCHAR(60) NOT NULL, 
	owner VARCHAR(20) NOT NULL, 
	payload TEXT NOT NULL, 
	due_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, 
	PRIMARY KEY (kind, "key")
);
INSERT INTO "timers" VALUES('sweep','zarinpal','','','2026-11-28 23:48:43.654981',1);
INSERT INTO "timers" VALUES('inquiry','f4e684ec-0441-48ec-a28a-202f73e43035','zarinpal','marked','2026-11-28 23:46:46.696529',0);
CREATE TABLE unknown_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	schema_version INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE INDEX alerts_by_time ON alerts (last_at);
CREATE INDEX ix_bank_exchanges_authority ON bank_exchanges (authority);
CREATE INDEX ix_bank_exchanges_at ON bank_exchanges (at);
CREATE INDEX ix_notes_written_at ON notes (written_at);
CREATE INDEX ix_notes_member ON notes (member);
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE INDEX statement_lines_of_day ON statement_lines (bank, paid_at);
CREATE INDEX statement_lines_of_session ON statement_lines (authority);
CREATE INDEX timers_due ON timers (kind, owner, due_at);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE UNIQUE INDEX one_rebuild_runs ON rebuilds (status) WHERE status = 'running';
CREATE INDEX attempts_of_invoice ON attempts (member, year);
CREATE INDEX credits_of_member ON credits (member, to_year);
CREATE INDEX invoices_of_province ON invoices (province, status, settled_at);
CREATE INDEX ledger_of_member ON ledger_entries (member, position);
CREATE INDEX money_tasks_of_province ON money_tasks (province, since);
CREATE INDEX receipts_of_invoice ON receipts (member, invoice_year);
COMMIT;
