BEGIN TRANSACTION;
CREATE TABLE accounts (
	account VARCHAR(50) NOT NULL, 
	password_hash TEXT NOT NULL, 
	is_own BOOLEAN NOT NULL, 
	is_chosen BOOLEAN NOT NULL, 
	changed_at DATETIME NOT NULL, 
	PRIMARY KEY (account)
);
INSERT INTO "accounts" VALUES('officer:admin','$argon2id$v=19$m=19456,t=2,p=1$NsI4vriv7I/solGVIA7/ug$xppKbM7EamU9oidfFak5edhptdklDHl7DyX/2lmPTVI',1,0,'2026-11-28 23:46:43.422799');
INSERT INTO "accounts" VALUES('officer:rahbar','$argon2id$v=19$m=19456,t=2,p=1$hTo6MCqRt0Qz+pI5xUoxUw$Gj2oVwPT1ao9DbQg9ema5lWelxdVpIH4PX95YzlUOf0',1,0,'2026-11-28 23:46:43.825309');
INSERT INTO "accounts" VALUES('officer:modir','$argon2id$v=19$m=19456,t=2,p=1$X8fjH1PS2Zs5USDo0CFNww$cQKqS8qMQCdgd4w5LHaTU+jbq7si+L6GSyJnyLA2Wng',1,0,'2026-11-28 23:46:44.000414');
INSERT INTO "accounts" VALUES('officer:moaven','$argon2id$v=19$m=19456,t=2,p=1$AZqaGAMtKtOt45xI1/LCEA$hEV1x2Zl77s/dXj3ekv4ljvCdu5s+qwtsqBvOTmrVYs',1,0,'2026-11-28 23:46:44.059068');
INSERT INTO "accounts" VALUES('officer:khazanedar','$argon2id$v=19$m=19456,t=2,p=1$rNlM/uczQi5RVW9H3YIBHg$LiKZCpem0QZy5n5iNTkkN+Cd0fmzQ2VdN5y2q4ijB1w',1,0,'2026-11-28 23:46:44.117854');
INSERT INTO "accounts" VALUES('officer:hesabdar','$argon2id$v=19$m=19456,t=2,p=1$gHtTga76/2ZyvmmCQ+T2bg$VsgGBcuyE+r5a1xY6cj6bKiFjcdJJTWGc4DHPh2OwXo',1,0,'2026-11-28 23:46:44.213276');
INSERT INTO "accounts" VALUES('officer:modir-fars','$argon2id$v=19$m=19456,t=2,p=1$ZXQlxfb7PZ9R1jiAVTvL/A$iT0Gf7JJCE5TOm90nfulC5OuaLw+1g3xhisuVtjHkRE',1,0,'2026-11-28 23:46:44.315357');
INSERT INTO "accounts" VALUES('officer:bazres','$argon2id$v=19$m=19456,t=2,p=1$h1C7xkXeltrjuZ1fwK1Xww$qxv0YPYqpSbxMuJA2WY2GnsVeUmnAs5pdWRWJS1z2Ps',1,0,'2026-11-28 23:46:44.371395');
INSERT INTO "accounts" VALUES('member:3412001','$argon2id$v=19$m=19456,t=2,p=1$dR5pS+jTLPlCqqeSgJjIxA$HfFP2vcdDCyP6Gv1Q+sXh6ksAtHTh78yCRVQuxl5AYc',0,0,'2026-11-28 23:46:44.717478');
CREATE TABLE activation_codes (
	account VARCHAR(50) NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	PRIMARY KEY (account)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003_from_0001');
CREATE TABLE attempts (
	id INTEGER NOT NULL, 
	attempt CHAR(32) NOT NULL, 
	"key" VARCHAR(100) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE captchas (
	captcha CHAR(32) NOT NULL, 
	phrase VARCHAR(5) NOT NULL, 
	network VARCHAR(45) NOT NULL, 
	plays INTEGER NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (captcha)
);
CREATE TABLE card_links (
	member VARCHAR(12) NOT NULL, 
	token VARCHAR(30), 
	command CHAR(32) NOT NULL, 
	issued_at DATETIME NOT NULL, 
	PRIMARY KEY (member), 
	UNIQUE (token)
);
CREATE TABLE card_views (
	id INTEGER NOT NULL, 
	command CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (command)
);
CREATE TABLE checkpoints (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, epoch VARCHAR(36) DEFAULT '' NOT NULL, event_id CHAR(32), projections_version INTEGER DEFAULT '1' NOT NULL, 
	PRIMARY KEY (source)
);
CREATE TABLE command_ids (
	id CHAR(32) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "command_ids" VALUES('a24ecd4253935444a2cc128b04265adc','207c0ff963639574e4559776fad73502d1678e913f305afa09a381e286abfc9d','2026-11-28 23:46:43.422799');
INSERT INTO "command_ids" VALUES('af3589f5ba044306ab88f13acec721a7','9e26828f41c9318784c6123925ef039ce22ac36af2159728042d789d87ba2336','2026-11-28 23:46:43.825309');
INSERT INTO "command_ids" VALUES('ef112265bfa94d37aac3b8b7bebd3f49','212c5f8af210faf7557a6cdbcb2774722a9c582728043568f46acdc801cf4c70','2026-11-28 23:46:43.957772');
INSERT INTO "command_ids" VALUES('2e54fd8935564f7789c187630af2bd70','5dab5a49532b3ffa1566a29fdb954b3d2f4101572ec09ea9706c14d7fe1bca9f','2026-11-28 23:46:44.000414');
INSERT INTO "command_ids" VALUES('4b4b376f9a564b45a8dc160c1dbab777','e49dd82034625d87fb3e579655e46bdc9930aca7c5b7d17d95b07b3fb0bb4386','2026-11-28 23:46:44.016335');
INSERT INTO "command_ids" VALUES('5b2860b667f34568a1ff66e0810e76cf','c66b0a0ed8318f4369c7cc0723ac356a31d732f250917637848176e868451b01','2026-11-28 23:46:44.059068');
INSERT INTO "command_ids" VALUES('73d24fab1dbd47fab2375f9d96884f44','97c2d76bf979dbe9e73dda1483237c8fdb450db36c559aa3e60da7b0282c793e','2026-11-28 23:46:44.074080');
INSERT INTO "command_ids" VALUES('6382fe8ec28d4b0d98889771f3961edb','0e8bc3c4d2a11895696bbf408ac04ef66745f6656b8d0b6db9743b9c585c3f8f','2026-11-28 23:46:44.117854');
INSERT INTO "command_ids" VALUES('162fd1b1bf0f40b2b9dd8227a86d6908','704fa44a2893079f54dcb3f4fd33c736ceb1e8dce6767fdf4c2c3bc1172892f0','2026-11-28 23:46:44.135895');
INSERT INTO "command_ids" VALUES('5e21a036d99d482b9372898fb3ae32f2','980c9502d93c47cd344c0fb394b02e31fe09585c6512ea8d0216834c834e2c96','2026-11-28 23:46:44.213276');
INSERT INTO "command_ids" VALUES('dea9bbffb0564f1786e047200f92816d','5c3e28c01c91884663428f472462caf17aacfb9b076a5c7e3b40a6dd1f24ea8a','2026-11-28 23:46:44.255543');
INSERT INTO "command_ids" VALUES('fd08d613f37c4378b6782cff7ddbbee1','64eabcac1bb6b41942a2faaab0ce8ee487724a4aeebde6f4589592f9350ff898','2026-11-28 23:46:44.315357');
INSERT INTO "command_ids" VALUES('df8e277f4fa9490694438e287812ebed','ade230c22aa37ba18d428ad7b020eeba18f661dd3cb40a8cc47330386f9512f8','2026-11-28 23:46:44.330357');
INSERT INTO "command_ids" VALUES('7df8054f082a45af94b295776bfb7e21','502b54c0183863435996c2afbac4ffa6671898825c74045c89298b954ec94792','2026-11-28 23:46:44.371395');
INSERT INTO "command_ids" VALUES('f88c140b03574416914a17ef880f9547','9beacb604bd31a246908d7924cf7be0563c0bd59c0f16e1d361e04224b1e2737','2026-11-28 23:46:44.386718');
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
CREATE TABLE erasure_requests (
	member VARCHAR(12) NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	cause VARCHAR(20) NOT NULL, 
	requested_by VARCHAR(60) NOT NULL, 
	requested_at DATETIME NOT NULL, 
	PRIMARY KEY (member)
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
INSERT INTO "event_types" VALUES('ActivationCodeIssued',1,0);
INSERT INTO "event_types" VALUES('AppointmentRequested',1,0);
INSERT INTO "event_types" VALUES('DismissalRequested',1,0);
INSERT INTO "event_types" VALUES('ErasureDeclined',1,0);
INSERT INTO "event_types" VALUES('ErasureRequested',1,0);
INSERT INTO "event_types" VALUES('MemberEnrolled',1,0);
INSERT INTO "event_types" VALUES('MemberErased',1,0);
INSERT INTO "event_types" VALUES('MemberRemoved',1,0);
INSERT INTO "event_types" VALUES('MembershipChanged',1,0);
INSERT INTO "event_types" VALUES('OfficerAppointed',1,0);
INSERT INTO "event_types" VALUES('OfficerDismissed',1,0);
INSERT INTO "event_types" VALUES('OfficerRequestDeclined',1,0);
INSERT INTO "event_types" VALUES('PasswordChanged',1,0);
INSERT INTO "event_types" VALUES('PasswordReset',1,0);
INSERT INTO "event_types" VALUES('SecondFactorRemoved',1,0);
INSERT INTO "event_types" VALUES('SecondFactorSet',1,0);
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
INSERT INTO "events" VALUES(1,'officer/admin',1,'d48089dd8de7520baa3f63c05914f161','OfficerAppointed','{"officer":"admin","roles":["admin"],"provinces":["alborz","ardabil","bushehr","chaharmahalbakhtiari","eastazerbaijan","fars","gilan","golestan","hamadan","hormozgan","ilam","isfahan","kerman","kermanshah","khuzestan","kohgiluyehboyerahmad","kurdistan","lorestan","markazi","mazandaran","northkhorasan","qazvin","qom","razavikhorasan","semnan","sistanbaluchestan","southkhorasan","tehran","westazerbaijan","yazd","zanjan"],"appointed_by":"program:auth","appointed_at":"2026-11-28T23:46:43.422799Z","request":null,"granted_by":""}','{"correlation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","causation_id":"a24ecd42-5393-5444-a2cc-128b04265adc","actor":"program:auth","traceparent":""}','2026-11-28 23:46:43.686740');
INSERT INTO "events" VALUES(2,'officer/rahbar',1,'4e37d952411a5c78887a8f6f729638d7','OfficerAppointed','{"officer":"rahbar","roles":["admin"],"provinces":["fars","isfahan"],"appointed_by":"officer:admin","appointed_at":"2026-11-28T23:46:43.825309Z","request":null,"granted_by":""}','{"correlation_id":"af3589f5-ba04-4306-ab88-f13acec721a7","causation_id":"af3589f5-ba04-4306-ab88-f13acec721a7","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:43.858168');
INSERT INTO "events" VALUES(3,'officer/modir',1,'62c330cd42de553582d23d62828f882f','AppointmentRequested','{"officer":"modir","request":"ef112265-bfa9-4d37-aac3-b8b7bebd3f49","roles":["finance","manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:46:43.957772Z"}','{"correlation_id":"ef112265-bfa9-4d37-aac3-b8b7bebd3f49","causation_id":"ef112265-bfa9-4d37-aac3-b8b7bebd3f49","actor":"officer:rahbar","traceparent":""}','2026-11-28 23:46:43.984856');
INSERT INTO "events" VALUES(4,'officer/modir',2,'73ec1f13159a551bbb6fdacfc6b69b3f','OfficerAppointed','{"officer":"modir","roles":["finance","manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:46:44.000414Z","request":"ef112265-bfa9-4d37-aac3-b8b7bebd3f49","granted_by":"officer:admin"}','{"correlation_id":"2e54fd89-3556-4f77-89c1-87630af2bd70","causation_id":"2e54fd89-3556-4f77-89c1-87630af2bd70","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.001091');
INSERT INTO "events" VALUES(5,'officer/moaven',1,'d5afd5ed98695777a5570bec50aa5cfb','AppointmentRequested','{"officer":"moaven","request":"4b4b376f-9a56-4b45-a8dc-160c1dbab777","roles":["manager"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:46:44.016335Z"}','{"correlation_id":"4b4b376f-9a56-4b45-a8dc-160c1dbab777","causation_id":"4b4b376f-9a56-4b45-a8dc-160c1dbab777","actor":"officer:rahbar","traceparent":""}','2026-11-28 23:46:44.043999');
INSERT INTO "events" VALUES(6,'officer/moaven',2,'212d0af4fd0c5cd380c1d9a9bbd3c7e1','OfficerAppointed','{"officer":"moaven","roles":["manager"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:46:44.059068Z","request":"4b4b376f-9a56-4b45-a8dc-160c1dbab777","granted_by":"officer:admin"}','{"correlation_id":"5b2860b6-67f3-4568-a1ff-66e0810e76cf","causation_id":"5b2860b6-67f3-4568-a1ff-66e0810e76cf","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.059708');
INSERT INTO "events" VALUES(7,'officer/khazanedar',1,'6ccb36927fa958228342288e0b64763b','AppointmentRequested','{"officer":"khazanedar","request":"73d24fab-1dbd-47fa-b237-5f9d96884f44","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:46:44.074080Z"}','{"correlation_id":"73d24fab-1dbd-47fa-b237-5f9d96884f44","causation_id":"73d24fab-1dbd-47fa-b237-5f9d96884f44","actor":"officer:rahbar","traceparent":""}','2026-11-28 23:46:44.101807');
INSERT INTO "events" VALUES(8,'officer/khazanedar',2,'f02d57e1718f5c8d9268630367c368c5','OfficerAppointed','{"officer":"khazanedar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:46:44.117854Z","request":"73d24fab-1dbd-47fa-b237-5f9d96884f44","granted_by":"officer:admin"}','{"correlation_id":"6382fe8e-c28d-4b0d-9888-9771f3961edb","causation_id":"6382fe8e-c28d-4b0d-9888-9771f3961edb","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.118504');
INSERT INTO "events" VALUES(9,'officer/hesabdar',1,'bb44873bc67f53759995a69bf70798bb','AppointmentRequested','{"officer":"hesabdar","request":"162fd1b1-bf0f-40b2-b9dd-8227a86d6908","roles":["finance","treasury"],"provinces":["isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:46:44.135895Z"}','{"correlation_id":"162fd1b1-bf0f-40b2-b9dd-8227a86d6908","causation_id":"162fd1b1-bf0f-40b2-b9dd-8227a86d6908","actor":"officer:rahbar","traceparent":""}','2026-11-28 23:46:44.164037');
INSERT INTO "events" VALUES(10,'officer/hesabdar',2,'17c549f3d0b65a9d8f869918cd29df23','OfficerAppointed','{"officer":"hesabdar","roles":["finance","treasury"],"provinces":["isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:46:44.213276Z","request":"162fd1b1-bf0f-40b2-b9dd-8227a86d6908","granted_by":"officer:admin"}','{"correlation_id":"5e21a036-d99d-482b-9372-898fb3ae32f2","causation_id":"5e21a036-d99d-482b-9372-898fb3ae32f2","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.214006');
INSERT INTO "events" VALUES(11,'officer/modir-fars',1,'6001dbc650c45a82b7f0b4b3a2d7351c','AppointmentRequested','{"officer":"modir-fars","request":"dea9bbff-b056-4f17-86e0-47200f92816d","roles":["finance","manager"],"provinces":["fars"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:46:44.255543Z"}','{"correlation_id":"dea9bbff-b056-4f17-86e0-47200f92816d","causation_id":"dea9bbff-b056-4f17-86e0-47200f92816d","actor":"officer:rahbar","traceparent":""}','2026-11-28 23:46:44.284714');
INSERT INTO "events" VALUES(12,'officer/modir-fars',2,'38743f06f0fd5bd08f15cedd259c52ea','OfficerAppointed','{"officer":"modir-fars","roles":["finance","manager"],"provinces":["fars"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:46:44.315357Z","request":"dea9bbff-b056-4f17-86e0-47200f92816d","granted_by":"officer:admin"}','{"correlation_id":"fd08d613-f37c-4378-b678-2cff7ddbbee1","causation_id":"fd08d613-f37c-4378-b678-2cff7ddbbee1","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.315975');
INSERT INTO "events" VALUES(13,'officer/bazres',1,'f42fd8b24f48588a8a23c85a7bbe80dd','AppointmentRequested','{"officer":"bazres","request":"df8e277f-4fa9-4906-9443-8e287812ebed","roles":["auditor"],"provinces":["fars","isfahan"],"sets_credential":true,"requested_by":"officer:rahbar","requested_at":"2026-11-28T23:46:44.330357Z"}','{"correlation_id":"df8e277f-4fa9-4906-9443-8e287812ebed","causation_id":"df8e277f-4fa9-4906-9443-8e287812ebed","actor":"officer:rahbar","traceparent":""}','2026-11-28 23:46:44.357556');
INSERT INTO "events" VALUES(14,'officer/bazres',2,'13015c3c55e256f5bf7b1fcc6862bc87','OfficerAppointed','{"officer":"bazres","roles":["auditor"],"provinces":["fars","isfahan"],"appointed_by":"officer:rahbar","appointed_at":"2026-11-28T23:46:44.371395Z","request":"df8e277f-4fa9-4906-9443-8e287812ebed","granted_by":"officer:admin"}','{"correlation_id":"7df8054f-082a-45af-94b2-95776bfb7e21","causation_id":"7df8054f-082a-45af-94b2-95776bfb7e21","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.371955');
INSERT INTO "events" VALUES(15,'member/3412001',1,'2cdaa3e4b85c52f9b63d79061d5488e1','MemberEnrolled','{"member":"3412001","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2030-03-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.392502');
INSERT INTO "events" VALUES(16,'member/3412002',1,'2e60c8f4627a52ab9533b45826370f30','MemberEnrolled','{"member":"3412002","province":"isfahan","licence":{"member_class":"grade_2","fields":["extraction","exploration"],"expires_on":"2028-09-21"},"paid_through":1402,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.394809');
INSERT INTO "events" VALUES(17,'member/3412003',1,'a78d2f11859a53cc9420dfbfb1115726','MemberEnrolled','{"member":"3412003","province":"isfahan","licence":{"member_class":"grade_3","fields":["exploration"],"expires_on":"2028-06-04"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.395907');
INSERT INTO "events" VALUES(18,'member/3412004',1,'96d0b86ea21f548c86055b8982bb13cd','MemberEnrolled','{"member":"3412004","province":"isfahan","licence":{"member_class":"grade_3","fields":["processing"],"expires_on":"2024-09-21"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.396778');
INSERT INTO "events" VALUES(19,'member/3412005',1,'3ced0e8903a2547a94a35c2aeedb90f9','MemberEnrolled','{"member":"3412005","province":"isfahan","licence":{"member_class":"grade_1","fields":["extraction","processing"],"expires_on":"2029-04-08"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.397935');
INSERT INTO "events" VALUES(20,'member/3412006',1,'8cd9947e95e65f9cabca96e70d9c2c09','MemberEnrolled','{"member":"3412006","province":"isfahan","licence":{"member_class":"grade_1","fields":["metallurgy"],"expires_on":"2029-02-18"},"paid_through":1403,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.398637');
INSERT INTO "events" VALUES(21,'member/3412007',1,'1f31a5343c885845b53342383e5ff5a2','MemberEnrolled','{"member":"3412007","province":"isfahan","licence":{"member_class":"senior","fields":["extraction","exploration","processing"],"expires_on":"2029-07-31"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.399322');
INSERT INTO "events" VALUES(22,'member/3412008',1,'7ac03cab29075d729e4c9e5c75c7d36c','MemberEnrolled','{"member":"3412008","province":"isfahan","licence":{"member_class":"senior","fields":["surveying"],"expires_on":"2028-12-20"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.399957');
INSERT INTO "events" VALUES(23,'member/0412009',1,'c310e6fa9e705361abd3e2e3b28078d1','MemberEnrolled','{"member":"0412009","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.400751');
INSERT INTO "events" VALUES(24,'member/3412010',1,'aaebb331a1f5576cae4c48d2a090592a','MemberEnrolled','{"member":"3412010","province":"isfahan","licence":{"member_class":"intern","fields":[],"expires_on":null},"paid_through":null,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.404342');
INSERT INTO "events" VALUES(25,'member/3412011',1,'bb7f436bcc2e5d27a9093210339ccaf8','MemberEnrolled','{"member":"3412011","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.405044');
INSERT INTO "events" VALUES(26,'member/3412012',1,'61cfe3b7c70a5cffbf9510790091f65e','MemberEnrolled','{"member":"3412012","province":"isfahan","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1401,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.405669');
INSERT INTO "events" VALUES(27,'member/5117001',1,'041c8b079a52552a8ceca8489e4789be','MemberEnrolled','{"member":"5117001","province":"fars","licence":{"member_class":"grade_2","fields":["extraction"],"expires_on":"2029-03-19"},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.406276');
INSERT INTO "events" VALUES(28,'member/5117002',1,'ba9d2cc2999c58ec8b3a18b39bc4fd99','MemberEnrolled','{"member":"5117002","province":"fars","licence":{"member_class":"unlicensed","fields":[],"expires_on":null},"paid_through":1404,"enrolled_by":"officer:admin","enrolled_at":"2026-11-28T23:46:44.386718Z"}','{"correlation_id":"f88c140b-0357-4416-914a-17ef880f9547","causation_id":"f88c140b-0357-4416-914a-17ef880f9547","actor":"officer:admin","traceparent":""}','2026-11-28 23:46:44.406891');
CREATE TABLE former_epochs (
	number INTEGER NOT NULL, 
	epoch VARCHAR(36) NOT NULL, 
	began_at BIGINT NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE import_changes (
	import_id CHAR(32) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	version INTEGER NOT NULL, 
	"before" TEXT, 
	"after" TEXT NOT NULL, 
	imported_at DATETIME NOT NULL, 
	undone_by CHAR(32), 
	PRIMARY KEY (import_id, member)
);
CREATE TABLE import_reports (
	command CHAR(32) NOT NULL, 
	report TEXT NOT NULL, 
	reported_at DATETIME NOT NULL, 
	PRIMARY KEY (command)
);
INSERT INTO "import_reports" VALUES('f88c140b03574416914a17ef880f9547','{"rows":[{"row":1,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":2,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":3,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":4,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":5,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":6,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":7,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":8,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":9,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":10,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":11,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":12,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":13,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""},{"row":14,"outcome":"enrolled","errors":{},"changes":[],"held_by":"","member":""}]}','2026-11-28 23:46:44.386718');
CREATE TABLE known_devices (
	token_hash VARCHAR(64) NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	seen_at DATETIME NOT NULL, 
	PRIMARY KEY (token_hash, account)
);
INSERT INTO "known_devices" VALUES('ad064d65be0fd446054791de17f5efaa94e418b4829e4b44cd1f528873b5f1c8','officer:admin','2026-11-28 23:46:43.748175');
INSERT INTO "known_devices" VALUES('c00e744a9c51fc03f271026a3e2bc16e5eeed9c057c0c12df104d2ccfaa0a727','officer:rahbar','2026-11-28 23:46:43.895892');
INSERT INTO "known_devices" VALUES('7c745f5063bf974ca9096f12e85284beaea8d075b8116c448921d59d57364dc7','officer:admin','2026-11-28 23:46:44.479379');
INSERT INTO "known_devices" VALUES('b779a214bd759c3fdc3cd12db910162dbdffda63232515d75e91c08aff302173','member:3412001','2026-11-28 23:46:44.717478');
INSERT INTO "known_devices" VALUES('77396a699c232db49fed2ce910a69abe99ffd40226eb0d54064541f0f3fe4dce','officer:modir','2026-11-28 23:46:45.186877');
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
INSERT INTO "log_head" VALUES(1,28,'008f7f7d-a617-4873-9f04-e632929efbf0',0,1);
CREATE TABLE members (
	member VARCHAR(12) NOT NULL, 
	province VARCHAR(20) NOT NULL, 
	member_class VARCHAR(20) NOT NULL, 
	licence_fields TEXT NOT NULL, 
	licence_expires_on DATE, 
	paid_through INTEGER, 
	erased_at DATETIME, 
	PRIMARY KEY (member)
);
INSERT INTO "members" VALUES('3412001','isfahan','grade_2','extraction','2030-03-20',1404,NULL);
INSERT INTO "members" VALUES('3412002','isfahan','grade_2','extraction exploration','2028-09-21',1402,NULL);
INSERT INTO "members" VALUES('3412003','isfahan','grade_3','exploration','2028-06-04',1404,NULL);
INSERT INTO "members" VALUES('3412004','isfahan','grade_3','processing','2024-09-21',1404,NULL);
INSERT INTO "members" VALUES('3412005','isfahan','grade_1','extraction processing','2029-04-08',1404,NULL);
INSERT INTO "members" VALUES('3412006','isfahan','grade_1','metallurgy','2029-02-18',1403,NULL);
INSERT INTO "members" VALUES('3412007','isfahan','senior','extraction exploration processing','2029-07-31',1404,NULL);
INSERT INTO "members" VALUES('3412008','isfahan','senior','surveying','2028-12-20',1404,NULL);
INSERT INTO "members" VALUES('0412009','isfahan','intern','',NULL,1404,NULL);
INSERT INTO "members" VALUES('3412010','isfahan','intern','',NULL,NULL,NULL);
INSERT INTO "members" VALUES('3412011','isfahan','unlicensed','',NULL,1404,NULL);
INSERT INTO "members" VALUES('3412012','isfahan','unlicensed','',NULL,1401,NULL);
INSERT INTO "members" VALUES('5117001','fars','grade_2','extraction','2029-03-19',1404,NULL);
INSERT INTO "members" VALUES('5117002','fars','unlicensed','',NULL,1404,NULL);
CREATE TABLE name_beginnings (
	province VARCHAR(20) NOT NULL, 
	beginning VARCHAR(60) NOT NULL, 
	member VARCHAR(12) NOT NULL, 
	full_name TEXT NOT NULL, 
	PRIMARY KEY (province, beginning, member)
);
INSERT INTO "name_beginnings" VALUES('isfahan','اذرخشسنگافروز','3412001','آذرخش سنگ‌افروز');
INSERT INTO "name_beginnings" VALUES('isfahan','افروز','3412001','آذرخش سنگ‌افروز');
INSERT INTO "name_beginnings" VALUES('isfahan','سنگافروز','3412001','آذرخش سنگ‌افروز');
INSERT INTO "name_beginnings" VALUES('isfahan','نمونهپور','3412002','کوهیار نمونه‌پور');
INSERT INTO "name_beginnings" VALUES('isfahan','پور','3412002','کوهیار نمونه‌پور');
INSERT INTO "name_beginnings" VALUES('isfahan','کوهیارنمونهپور','3412002','کوهیار نمونه‌پور');
INSERT INTO "name_beginnings" VALUES('isfahan','ازمونی','3412003','گوهرناز آزمونی');
INSERT INTO "name_beginnings" VALUES('isfahan','گوهرنازازمونی','3412003','گوهرناز آزمونی');
INSERT INTO "name_beginnings" VALUES('isfahan','فیروزهمثالی','3412004','فیروزه مثالی');
INSERT INTO "name_beginnings" VALUES('isfahan','مثالی','3412004','فیروزه مثالی');
INSERT INTO "name_beginnings" VALUES('isfahan','فرضینژاد','3412005','معدن‌یار فرضی‌نژاد');
INSERT INTO "name_beginnings" VALUES('isfahan','معدنیارفرضینژاد','3412005','معدن‌یار فرضی‌نژاد');
INSERT INTO "name_beginnings" VALUES('isfahan','نژاد','3412005','معدن‌یار فرضی‌نژاد');
INSERT INTO "name_beginnings" VALUES('isfahan','یارفرضینژاد','3412005','معدن‌یار فرضی‌نژاد');
INSERT INTO "name_beginnings" VALUES('isfahan','اهننشان','3412006','زرین‌تاج آهن‌نشان');
INSERT INTO "name_beginnings" VALUES('isfahan','تاجاهننشان','3412006','زرین‌تاج آهن‌نشان');
INSERT INTO "name_beginnings" VALUES('isfahan','زرینتاجاهننشان','3412006','زرین‌تاج آهن‌نشان');
INSERT INTO "name_beginnings" VALUES('isfahan','نشان','3412006','زرین‌تاج آهن‌نشان');
INSERT INTO "name_beginnings" VALUES('isfahan','الماسپیشنمونه','3412007','الماس پیش‌نمونه');
INSERT INTO "name_beginnings" VALUES('isfahan','نمونه','3412007','الماس پیش‌نمونه');
INSERT INTO "name_beginnings" VALUES('isfahan','پیشنمونه','3412007','الماس پیش‌نمونه');
INSERT INTO "name_beginnings" VALUES('isfahan','سیمابنقشهنگار','3412008','سیماب نقشه‌نگار');
INSERT INTO "name_beginnings" VALUES('isfahan','نقشهنگار','3412008','سیماب نقشه‌نگار');
INSERT INTO "name_beginnings" VALUES('isfahan','نگار','3412008','سیماب نقشه‌نگار');
INSERT INTO "name_beginnings" VALUES('isfahan','تازهوارد','0412009','یاقوت تازه‌وارد');
INSERT INTO "name_beginnings" VALUES('isfahan','وارد','0412009','یاقوت تازه‌وارد');
INSERT INTO "name_beginnings" VALUES('isfahan','یاقوتتازهوارد','0412009','یاقوت تازه‌وارد');
INSERT INTO "name_beginnings" VALUES('isfahan','ساختگی','3412010','سپهر ساختگی');
INSERT INTO "name_beginnings" VALUES('isfahan','سپهرساختگی','3412010','سپهر ساختگی');
INSERT INTO "name_beginnings" VALUES('isfahan','خیالی','3412011','نگین خیالی');
INSERT INTO "name_beginnings" VALUES('isfahan','نگینخیالی','3412011','نگین خیالی');
INSERT INTO "name_beginnings" VALUES('isfahan','بیپروانه','3412012','مرمر بی‌پروانه');
INSERT INTO "name_beginnings" VALUES('isfahan','مرمربیپروانه','3412012','مرمر بی‌پروانه');
INSERT INTO "name_beginnings" VALUES('isfahan','پروانه','3412012','مرمر بی‌پروانه');
INSERT INTO "name_beginnings" VALUES('fars','ازمونزاده','5117001','شیراز آزمون‌زاده');
INSERT INTO "name_beginnings" VALUES('fars','زاده','5117001','شیراز آزمون‌زاده');
INSERT INTO "name_beginnings" VALUES('fars','شیرازازمونزاده','5117001','شیراز آزمون‌زاده');
INSERT INTO "name_beginnings" VALUES('fars','ای','5117002','لاجورد نمونه‌ای');
INSERT INTO "name_beginnings" VALUES('fars','لاجوردنمونهای','5117002','لاجورد نمونه‌ای');
INSERT INTO "name_beginnings" VALUES('fars','نمونهای','5117002','لاجورد نمونه‌ای');
CREATE TABLE officer_request_details (
	request CHAR(32) NOT NULL, 
	full_name TEXT NOT NULL, 
	password_hash TEXT, 
	PRIMARY KEY (request)
);
CREATE TABLE officer_requests (
	request CHAR(32) NOT NULL, 
	officer VARCHAR(40) NOT NULL, 
	PRIMARY KEY (request)
);
CREATE TABLE officers (
	officer VARCHAR(40) NOT NULL, 
	roles TEXT NOT NULL, 
	provinces TEXT NOT NULL, 
	PRIMARY KEY (officer)
);
INSERT INTO "officers" VALUES('admin','admin','alborz ardabil bushehr chaharmahalbakhtiari eastazerbaijan fars gilan golestan hamadan hormozgan ilam isfahan kerman kermanshah khuzestan kohgiluyehboyerahmad kurdistan lorestan markazi mazandaran northkhorasan qazvin qom razavikhorasan semnan sistanbaluchestan southkhorasan tehran westazerbaijan yazd zanjan');
INSERT INTO "officers" VALUES('rahbar','admin','fars isfahan');
INSERT INTO "officers" VALUES('modir','finance manager','isfahan');
INSERT INTO "officers" VALUES('moaven','manager','isfahan');
INSERT INTO "officers" VALUES('khazanedar','finance treasury','isfahan');
INSERT INTO "officers" VALUES('hesabdar','finance treasury','isfahan');
INSERT INTO "officers" VALUES('modir-fars','finance manager','fars');
INSERT INTO "officers" VALUES('bazres','auditor','fars isfahan');
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
CREATE TABLE passkeys (
	passkey_id VARCHAR(64) NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	credential_id TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	sign_count BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	added_at DATETIME NOT NULL, 
	used_at DATETIME, 
	PRIMARY KEY (passkey_id)
);
CREATE TABLE password_resets (
	account VARCHAR(50) NOT NULL, 
	reset_at DATETIME NOT NULL, 
	PRIMARY KEY (account)
);
CREATE TABLE persons (
	account VARCHAR(50) NOT NULL, 
	first_name TEXT NOT NULL, 
	last_name TEXT NOT NULL, 
	national_code VARCHAR(10), 
	PRIMARY KEY (account), 
	UNIQUE (national_code)
);
INSERT INTO "persons" VALUES('officer:admin','','مدیر سامانه',NULL);
INSERT INTO "persons" VALUES('officer:rahbar','','راهبر دوم نمایشی سامانه',NULL);
INSERT INTO "persons" VALUES('officer:modir','','مدیر نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:moaven','','معاون نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:khazanedar','','خزانه‌دار نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:hesabdar','','حسابدار نمایشی اصفهان',NULL);
INSERT INTO "persons" VALUES('officer:modir-fars','','مدیر نمایشی فارس',NULL);
INSERT INTO "persons" VALUES('officer:bazres','','بازرس نمایشی دسترسی‌ها',NULL);
INSERT INTO "persons" VALUES('member:3412001','آذرخش','سنگ‌افروز','0019378653');
INSERT INTO "persons" VALUES('member:3412002','کوهیار','نمونه‌پور','0012345679');
INSERT INTO "persons" VALUES('member:3412003','گوهرناز','آزمونی','1271111111');
INSERT INTO "persons" VALUES('member:3412004','فیروزه','مثالی','1272222225');
INSERT INTO "persons" VALUES('member:3412005','معدن‌یار','فرضی‌نژاد','1283333333');
INSERT INTO "persons" VALUES('member:3412006','زرین‌تاج','آهن‌نشان','1284444449');
INSERT INTO "persons" VALUES('member:3412007','الماس','پیش‌نمونه','1295555557');
INSERT INTO "persons" VALUES('member:3412008','سیماب','نقشه‌نگار','1296666662');
INSERT INTO "persons" VALUES('member:0412009','یاقوت','تازه‌وارد','1277777772');
INSERT INTO "persons" VALUES('member:3412010','سپهر','ساختگی','1288888880');
INSERT INTO "persons" VALUES('member:3412011','نگین','خیالی','1299999980');
INSERT INTO "persons" VALUES('member:3412012','مرمر','بی‌پروانه','1271234564');
INSERT INTO "persons" VALUES('member:5117001','شیراز','آزمون‌زاده','2291111116');
INSERT INTO "persons" VALUES('member:5117002','لاجورد','نمونه‌ای','2292222221');
CREATE TABLE projection_versions (
	version INTEGER NOT NULL, 
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (version, source)
);
INSERT INTO "projection_versions" VALUES(1,'auth',0,'0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE rate_limit_hits (
	id INTEGER NOT NULL, 
	address VARCHAR(45) NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
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
INSERT INTO "reads" VALUES('','2026-11-28 23:40:00.000000','admin','ReadEvents',0,'admin');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','GetMemberNames',0,'finance manager');
INSERT INTO "reads" VALUES('3412001','2026-11-28 23:40:00.000000','modir','GetMember',0,'finance manager');
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
CREATE TABLE recovery_codes (
	account VARCHAR(50) NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (account, code_hash)
);
CREATE TABLE relay_cursor (
	id INTEGER NOT NULL CHECK (id = 1), 
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "relay_cursor" VALUES(1,28,'5b36de0f1f928692ae50d2a12770c45cfadd311a979d289f27033c881a76cae9');
CREATE TABLE retention_runs (
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	deleted INTEGER NOT NULL, 
	PRIMARY KEY (kind, at)
);
INSERT INTO "retention_runs" VALUES('card_views','2026-11-28 23:46:43.698735',0);
INSERT INTO "retention_runs" VALUES('import_changes','2026-11-28 23:46:43.698735',0);
INSERT INTO "retention_runs" VALUES('reads','2026-11-28 23:46:43.698735',0);
INSERT INTO "retention_runs" VALUES('import_reports','2026-11-28 23:46:43.698735',0);
CREATE TABLE seals (
	position BIGINT NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	signature VARCHAR(88) NOT NULL, 
	PRIMARY KEY (position)
);
INSERT INTO "seals" VALUES(1,'ea5d14583fa0ba59cff55ffba6bdc8bf8d5670a1d24d9e3381295784dfb6b662','VSfOwt8FzM1CbcQbgPIzPUtjQl6tVklGj9V9XLmn1Ho4KZS51If8AtB5KmzpdAWtvLKw2vGGP+O+x9zzNocrBQ==');
INSERT INTO "seals" VALUES(2,'cdefccb65e10feb2216159398c2d25c42c4f0b399e5bfb3e1603826f4a55e3fb','BpFe4+ZVk2bt1ta/wS9i1YL9FLXdkH8eYmqz3O8u1hhBMeTCHGTe/MYvCo+32MNJKWI49RdV918DzU5TF5h4BA==');
INSERT INTO "seals" VALUES(3,'083f53a0cdacc1a512d1dd591617e5227a0e7b6e8d3a12519a1e7561de625505','JfWPur8IjeWLeNJNXw1WRXc3OpfYbPjmcc6waQjuvS2BQeOHWuYAROf/kX+oOqjEvlPBWiN35zJ/wSh5n8gEBA==');
INSERT INTO "seals" VALUES(4,'0a354557f27c4080ed38af3ebb42ddad42f93ae17f2f3a9855517e468ebb909e','v1knVdVv5R0Jwl/diogxj6myIGYlVBB0kr3EUD5+83EcTodjgSGQPJuU9oFAvSWNe+NPMh9Ti0Sn4rnQfEohAg==');
INSERT INTO "seals" VALUES(5,'7ad904cd7f0f38780e4c14be442d6dd5a94756efdc4f7c7c672cfc1889a3c872','lttj3Y3csuYHVGx6huTJBf1sRPRlvCK/DRNcFVoJiszpgDDiAfvJ0SXZr37ETzMyE7Eqk9Wdsjxh83MQSh8JDg==');
INSERT INTO "seals" VALUES(6,'e04dfccd63b2b1b949affd4880d9b35202bb743f935273777eba6d9c6c54e7ce','6zNmWBdl0IkTS4HgxKogwpPLQkc9fN2IENqx1uXhH2h8ga8fkRDnEqUBlcHcMTibj4Q4R89fON+4xCPvjCh6CQ==');
INSERT INTO "seals" VALUES(7,'65196a8b149144da5b92c2d5f0335bc73b8497adba3d4cdedb557a300c0a2a0f','Jej4g0rI0287gd574o/2ahkZQzUBE+yhHQNSDd04jGl65j0IlXzVTUxSy/M5URDAayj0xvh8s8SHiUIWcGzKAg==');
INSERT INTO "seals" VALUES(8,'9a6fda69efa4dae4112cf56cc295f897ba82d93e420630d76ccf29ff7ad5ccd7','0ywSkeoilyMy9haUN7Ctwvj6st5xROuXQIOimZDMI/e896kjviNDikG9Pv6dwS/u64xDaa1mz54rZfrLzjUhAg==');
INSERT INTO "seals" VALUES(9,'ae9cbe5122422f746a705933aa3c51fc1b969053286454388ec8c4228711da64','6n375OqkqCIFwIwC8AW2bNYhGwER9njiK6Do5T4Sg2novRUq6E7R+vKlDTkD3HjHv318LiifWoAPpEkpQ31NAA==');
INSERT INTO "seals" VALUES(10,'e8f5f127145f60c9267874d55f173bb124a8c4bb43b892c55d6cd10dd6acf594','ppXMUWGW9VXSZLtXLtZIAsHlzVTGr9jwkW5Q3LB8Vwww5UGn6neosoNwgt4K8pw8gWZrMtHhisZQL2QSFCXvDA==');
INSERT INTO "seals" VALUES(11,'5a233ec24fc29c70081bcab72365b7c18ae0019b2ec59b46244c3e385b789709','QhF7H/R9ZKF2F+LHoTcSyp2FYGytl0jSNzQIfFwzhgHoFcmkp/WCsQ2SJJwls9RxHP7FBUXajS6mUt46c4deCg==');
INSERT INTO "seals" VALUES(12,'3d80ed996baaf25de5bf4482f2aea3666546c04f6306c6cad7bc42a4fb696ac7','SIcNB/5JqwN2ip27FV4vboZl7iEWxTaog1wX4VteXDtjEuAm4clGPgJFM2HQFRzofgt0FvzQd3Vdgb1JygrPBw==');
INSERT INTO "seals" VALUES(13,'3bb2e95ccbd93623845d41baac287f6f40f2eb0cb865558989ce2a93c89ee159','mup3pHfK+gFlI1Iqwrjz0i5G1vayKo0ipNlRkAxqYXoO/mpUvdUWbmEAhqgS/RzbrYocz9m8VirAGaVoKAozAw==');
INSERT INTO "seals" VALUES(14,'cf1346b30c352cd447e6d61c35fab930c0dfe211c26e047f0c5d7397f6f85212','19mW8eRlI/XD4wHXZ78n6alI/TI+Cj3Fj9qg6hoX4ZejPkaydPK06sBNNw2x5xqGMmHhBtHh+DAaEDNnTEtABg==');
INSERT INTO "seals" VALUES(28,'5b36de0f1f928692ae50d2a12770c45cfadd311a979d289f27033c881a76cae9','kN7I1E5Dqy9vWlyPwxyFV9jiwG9KUDW6lkvBiQXG57fE82cPeqs3bspI92xeKn/nrnPzTbBiJbhL7y/nghBACw==');
CREATE TABLE second_factors (
	account VARCHAR(50) NOT NULL, 
	secret TEXT NOT NULL, 
	is_on BOOLEAN NOT NULL, 
	last_step BIGINT NOT NULL, 
	PRIMARY KEY (account)
);
CREATE TABLE security_events (
	id INTEGER NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	kind VARCHAR(30) NOT NULL, 
	device VARCHAR(50) NOT NULL, 
	at DATETIME NOT NULL, 
	session_hash VARCHAR(64) NOT NULL, 
	is_seen BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "security_events" VALUES(1,'officer:admin','new_device','','2026-11-28 23:46:44.479379','39a2ff6bf88a0d12ae5ed6fd9fcee9340114ff467fdd29d6a0d3b1adaabe87c1',0);
CREATE TABLE sessions (
	token_hash VARCHAR(64) NOT NULL, 
	account VARCHAR(50) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	used_at DATETIME NOT NULL, 
	device VARCHAR(50) NOT NULL, 
	is_pending BOOLEAN NOT NULL, 
	confirmed_at DATETIME, 
	PRIMARY KEY (token_hash)
);
INSERT INTO "sessions" VALUES('e89e52c26f780247440ffa4d12df5e7f7f15b93695cc523ab88547cee7793c67','officer:admin','2026-11-28 23:46:43.748175','2026-11-28 23:46:43.810483','',0,NULL);
INSERT INTO "sessions" VALUES('eabdb87be2183c82a5a7fc21cab955aac787db0ff18a9dc48610cfa4d497db68','officer:rahbar','2026-11-28 23:46:43.895892','2026-11-28 23:46:43.950761','',0,NULL);
INSERT INTO "sessions" VALUES('39a2ff6bf88a0d12ae5ed6fd9fcee9340114ff467fdd29d6a0d3b1adaabe87c1','officer:admin','2026-11-28 23:46:44.479379','2026-11-28 23:46:44.536555','',0,NULL);
INSERT INTO "sessions" VALUES('02c5dd0118a378e90f544de48a776451500cbed62ae6e901099fa0fc99b614f6','member:3412001','2026-11-28 23:46:44.717478','2026-11-28 23:46:44.782741','other',0,NULL);
INSERT INTO "sessions" VALUES('be4ba08c7922ce65822d454f7446280ac27e3e640e17e54be53f3e9df12b54e2','officer:modir','2026-11-28 23:46:45.186877','2026-11-28 23:46:45.228684','other',0,NULL);
CREATE TABLE unknown_events (
	source VARCHAR(40) NOT NULL, 
	position BIGINT NOT NULL, 
	type VARCHAR(60) NOT NULL, 
	schema_version INTEGER NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	PRIMARY KEY (source, position)
);
CREATE TABLE used_challenges (
	challenge_hash VARCHAR(64) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (challenge_hash)
);
CREATE INDEX ix_activation_codes_expires_at ON activation_codes (expires_at);
CREATE INDEX attempts_by_key ON attempts ("key", at);
CREATE INDEX captchas_of_network ON captchas (network, expires_at);
CREATE INDEX captchas_by_expiry ON captchas (expires_at);
CREATE INDEX card_views_of_member ON card_views (member, at);
CREATE INDEX import_changes_by_time ON import_changes (imported_at);
CREATE INDEX import_reports_by_time ON import_reports (reported_at);
CREATE INDEX ix_known_devices_account ON known_devices (account);
CREATE INDEX ix_known_devices_seen_at ON known_devices (seen_at);
CREATE INDEX parked_partitions ON parked_events (source, partition_key, position);
CREATE INDEX ix_passkeys_account ON passkeys (account);
CREATE INDEX ix_password_resets_reset_at ON password_resets (reset_at);
CREATE INDEX rate_limit_hits_by_address ON rate_limit_hits (address, at);
CREATE INDEX reads_of_officer ON reads (officer, at);
CREATE INDEX ix_security_events_account ON security_events (account);
CREATE INDEX ix_security_events_at ON security_events (at);
CREATE INDEX sessions_by_use ON sessions (used_at);
CREATE INDEX ix_sessions_account ON sessions (account);
CREATE INDEX ix_used_challenges_expires_at ON used_challenges (expires_at);
CREATE TRIGGER facts_stay_UPDATE BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE TRIGGER facts_stay_DELETE BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed or deleted'); END;
CREATE UNIQUE INDEX one_rebuild_runs ON rebuilds (status) WHERE status = 'running';
CREATE INDEX ix_name_beginnings_member ON name_beginnings (member);
CREATE INDEX ix_members_province ON members (province);
COMMIT;
