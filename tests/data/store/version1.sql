-- A store of format 1, as the program wrote it that knew no other; evaluations, steering and exports were added by hand.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE experiments (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    problem TEXT NOT NULL,
    backbone TEXT NOT NULL,
    dataset TEXT NOT NULL,
    settings TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
INSERT INTO experiments VALUES(1,'conv2d-tiny',replace('{\n    "name": "conv2d-tiny",\n    "backbone": "resnet8",\n    "input": [\n        "N",\n        "C_in:unordered",\n        "H",\n        "H"\n    ],\n    "output": [\n        "N",\n        "C_out:unordered",\n        "H",\n        "H"\n    ],\n    "fixed": [\n        [\n            "N",\n            "N"\n        ]\n    ],\n    "interchangeable": [\n        [\n            "H",\n            "H"\n        ]\n    ],\n    "primary": {\n        "C_in": 2,\n        "C_out": 4,\n        "H": 0\n    },\n    "coefficient": {\n        "k": {\n            "value": 3,\n            "uses": 3\n        },\n        "s": {\n            "value": 2,\n            "uses": 2\n        },\n        "g": {\n            "value": 8,\n            "uses": 3\n        }\n    },\n    "limits": {\n        "depth": 10,\n        "chain": 6,\n        "weights": 2,\n        "reductions": 4,\n        "merges": 1,\n        "splits": 2,\n        "shifts": 2,\n        "strides": 0,\n        "unfolds": 3,\n        "expands": 4,\n        "variables_in_size": 3,\n        "flops_ratio": [\n            0.05,\n            1.1\n        ],\n        "pooling": 4,\n        "min_weight_params": 16,\n        "outer_product": 1024,\n        "low_rank": [\n            4,\n            16\n        ],\n        "unfold_ratio": 1.3,\n        "unfold_max": 15,\n        "odd_windows": true,\n        "repeat": 1,\n        "tile": false\n    },\n    "rules": {\n        "near-duplicates": true\n    },\n    "reward": {\n        "accuracy": [\n            0.2,\n            1.0\n        ],\n        "power": 2\n    }\n}','\n',char(10)),'resnet8','builtin10-16','{"algorithm":"mcts","seed":1,"search_threads":1,"evaluations_in_flight":24,"benchmark":false,"train":false,"latency_limit":2.0,"dataset":"builtin10-16","epochs":3,"repeats":20,"benchmark_seconds":0.1,"job_seconds":300.0,"job_bytes":4294967296}',1795898954880);
CREATE TABLE experiment_values (
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (experiment, key)
) STRICT, WITHOUT ROWID;
INSERT INTO experiment_values VALUES(1,'random','1 2 3 4');
CREATE TABLE candidates (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    moves TEXT NOT NULL,
    flops TEXT NOT NULL,
    total_flops REAL NOT NULL,
    flops_ratio REAL NOT NULL,
    parameters INTEGER NOT NULL,
    iteration INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    state TEXT NOT NULL,
    latency_ratio REAL,
    accuracy REAL,
    reward REAL,
    note TEXT NOT NULL,
    UNIQUE (experiment, hash)
) STRICT;
INSERT INTO candidates VALUES(1,1,'596b25c423636df04760a52029b28742','ad26b64fc846ed2c7849cde191bc085c','sum over g; sum over C_in; shift H by 1; merge H with block H*s^-1; weight over [sum g] giving [C_out]; weight over [sum C_in, group s] giving [sum g]; split into group s and block H*s^-1; read the input at [sum C_in, shifted H, split H]','[131072.0,49152.0,65536.0,24576.0,32768.0]',434176.0,0.073611111111111113269,4608,0,1795898954967,1,'active',0.625,0.5,0.25,'Remarkable: 名字');
INSERT INTO candidates VALUES(2,1,'01adc524ab51d58fdda4789314cf1883','2910d844d1ae447c054ae4461bd0506b','sum over g*s; sum over k^2; sum over C_in*g^-1; shift H by 1; merge C_out with block C_out*g^-1; split into sum C_in*g^-1 and group g; weight over [sum g*s] giving [block C_out*g^-1]; weight over [split C_in, sum k^2] giving [sum g*s]; unfold split C_in by sum k^2; read the input at [unfolded C_in, shifted H, H]','[1376256.0,376832.0,688128.0,188416.0,344064.0]',4349952.0,0.7375000000000000444,25792,1,1795898954989,0,'active',NULL,NULL,0.26249999999999995559,'');
INSERT INTO candidates VALUES(3,1,'5dbd253a3b602415bb364f5cec4b837c','1685ca220220068fa9e2ae99123f07bc','sum over g*s; sum over k; sum over C_in; weight over [sum g*s, sum k] giving [C_out]; weight over [sum C_in, sum k] giving [sum g*s]; unfold H by sum k; read the input at [sum C_in, unfolded H, H]','[786432.0,294912.0,393216.0,147456.0,196608.0]',2605056.0,0.44166666666666665186,19200,2,1795898955036,0,'active',NULL,NULL,0.55833333333333334813,'');
INSERT INTO candidates VALUES(4,1,'73ed7e74e1c3220e972a30643a64031a','2f4c90e2792e85248fb004cb959ebac9','sum over g*s; sum over k; sum over C_in; weight over [sum g*s] giving [C_out]; weight over [sum C_in, sum k] giving [sum g*s]; unfold H by sum k; merge H with block H*s^-1; split into block H*s^-1 and group s; shift split H by 1; read the input at [sum C_in, unfolded H, shifted H]','[524288.0,163840.0,262144.0,81920.0,131072.0]',1687552.0,0.28611111111111109384,12032,3,1795898955055,0,'pruned',NULL,NULL,0.71388888888888890615,'');
INSERT INTO candidates VALUES(5,1,'d08434ce8fb2d005e61374c2e2f9efb5','43f38e6def6d6206f5d96fa539cb047d','sum over C_in; merge C_out with block C_out*s^-2; weight over [block C_out*s^-2] giving [group s^2]; weight over [sum C_in] giving [block C_out*s^-2]; read the input at [sum C_in, H, H]','[36864.0,18432.0,34816.0,17408.0,33792.0]',178176.0,0.030208333333333333564,2272,4,1795898955057,0,'duplicate',NULL,NULL,0.96979166666666671847,'');
INSERT INTO candidates VALUES(6,1,'7d1084022b3faa7e0e2f687ee941fce5','e135078c8c09558d5b37f28f25e73886','sum over k; sum over k; sum over C_in; merge C_out with block C_out*g^-1; shift H by 1; weight over [sum k, sum C_in, sum k] giving [group g]; weight over [sum k, sum k] giving [block C_out*g^-1]; unfold H by sum k; unfold unfolded H by sum k; read the input at [sum C_in, shifted H, unfolded H]','[663552.0,184320.0,331776.0,92160.0,165888.0]',2101248.0,0.3562500000000000111,12924,5,1795898955078,0,'active',NULL,NULL,0.6437500000000000444,'');
INSERT INTO candidates VALUES(7,1,'4d243877bac0cb75fad9acf024eafe65','c5467f791c584bdc87808a60b5c86cc2','sum over C_in; weight over [sum C_in] giving [C_out]; read the input at [sum C_in, H, H]','[131072.0,65536.0,131072.0,65536.0,131072.0]',655360.0,0.11111111111111110494,8192,6,1795898955091,0,'active',NULL,NULL,0.88888888888888883954,'');
INSERT INTO candidates VALUES(8,1,'2a86e55daed0c30d5e0e2024dc6a0bbb','50155800814b157d3a3d5b4379d60608','sum over k*s^2; sum over k^2; sum over C_in*g^-1; merge C_out with block C_out*g^-1; weight over [sum k*s^2, group g, sum k^2] giving [block C_out*g^-1]; split into group g and sum C_in*g^-1; shift H by 1; weight over [split C_in] giving [sum k*s^2, sum k^2]; read the input at [split C_in, shifted H, H]','[1769472.0,663552.0,884736.0,331776.0,442368.0]',5861376.0,0.9937500000000000222,43200,7,1795898955105,0,'active',NULL,NULL,0.0062499999999999777955,'');
INSERT INTO candidates VALUES(9,1,'97e075359c0482dbaa87f262f0ca56e5','e8252b9902503b046c0ade88461775aa','sum over k*s; sum over C_in; merge H with block H*s^-1; split into block H*s^-1 and group s; shift split H by 1; shift H by 1; weight over [sum k*s] giving [C_out]; weight over [sum C_in] giving [sum k*s]; read the input at [sum C_in, shifted H, shifted H]','[98304.0,36864.0,49152.0,18432.0,24576.0]',325632.0,0.055208333333333331482,2400,9,1795898955120,0,'active',NULL,NULL,0.94479166666666669627,'');
INSERT INTO candidates VALUES(10,1,'2ce63a2c94360b1e8a607e7860a4a06a','0b79b9fdef04b69111b5afd928613dc6','sum over k*s; sum over C_in; merge C_out with block C_out*s^-1; weight over [block C_out*s^-1, sum k*s] giving [group s]; weight over [sum C_in] giving [block C_out*s^-1, sum k*s]; read the input at [sum C_in, H, H]','[442368.0,221184.0,417792.0,208896.0,405504.0]',2138112.0,0.36249999999999998889,25920,10,1795898955121,0,'active',NULL,NULL,0.63749999999999995559,'');
INSERT INTO candidates VALUES(11,1,'9b42d2bee34adbc52e0391b1d8bec86f','f9a9e96ceb391ddc8b0d0e17f37694b0','sum over C_out*g^-1*s; sum over C_in*g^-1; merge C_out with block C_out*g^-1; weight over [sum C_in*g^-1, sum C_out*g^-1*s] giving [block C_out*g^-1]; weight over [group g] giving [sum C_out*g^-1*s]; split into sum C_in*g^-1 and group g; shift H by 1; read the input at [split C_in, H, shifted H]','[81920.0,73728.0,147456.0,139264.0,278528.0]',802816.0,0.13611111111111109939,2208,11,1795898955135,0,'active',NULL,NULL,0.86388888888888892836,'');
INSERT INTO candidates VALUES(12,1,'83bf7066c100c5eb681c508f7e46f27e','4b92c8c8093f95496ccaf5ae98be62d5','sum over C_out*g^-1*s; sum over C_in; merge H with block H*s^-1; split into block H*s^-1 and group s; weight over [sum C_out*g^-1*s] giving [C_out]; weight over [sum C_in] giving [sum C_out*g^-1*s]; read the input at [sum C_in, split H, H]','[65536.0,49152.0,65536.0,49152.0,65536.0]',360448.0,0.061111111111111109106,4736,12,1795898955143,0,'active',NULL,NULL,0.93888888888888888395,'');
INSERT INTO candidates VALUES(13,1,'a5dc2609726f1466bf4cb7f409fdb639','614a24526a4562e14fe5370b485503c7','sum over C_in*g^-1; merge C_out with block C_out*g^-1; shift H by 1; split into group g and sum C_in*g^-1; weight over [split C_in] giving [block C_out*g^-1]; read the input at [split C_in, H, shifted H]','[16384.0,8192.0,16384.0,8192.0,16384.0]',81920.0,0.013888888888888888117,1024,13,1795898955145,0,'active',NULL,NULL,0.98611111111111116045,'');
CREATE TABLE graphs (
    candidate INTEGER PRIMARY KEY REFERENCES candidates ON DELETE CASCADE,
    pgraph TEXT NOT NULL,
    path BLOB NOT NULL
) STRICT;
INSERT INTO graphs VALUES(1,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out:C_out g:g\nweight w1 g:g c_in:C_in s:s\ns, h_s = split h H*s^-1\nh2 = shift h1 1\nc_out = expand C_out\ng = expand g\nc_out1 = share c_out w0.c_out\ng1 = share g w1.g\ng2 = share g1 w0.g\nc_in1 = share c_in w1.c_in\ns1 = share s w1.s\nh3 = merge s1 h_s\nreduce g2 c_in1\noutput n c_out1 h2 h3\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'a16a071197fde770455d07668f8aa03594ff473dd1ebb7362c190626ebee2ad1d1d7b860d1b1d2535112b7d7c379bb8909879726fbfe869281eebd0a9e8eca6f');
INSERT INTO graphs VALUES(2,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out_g:C_out*g^-1 g_s:g*s\nweight w1 g_s:g*s c_in:C_in k_c_in:k^2\nh2 = shift h 1\nc_in1, k_c_in = unfold c_in k^2\nc_out_g = expand C_out*g^-1\ng_s = expand g*s\nc_out_g1 = share c_out_g w0.c_out_g\ng_s1 = share g_s w1.g_s\ng_s2 = share g_s1 w0.g_s\nc_in2 = share c_in1 w1.c_in\nc_in_g, g = split c_in2 g\nc_out = merge g c_out_g1\nk_c_in1 = share k_c_in w1.k_c_in\nreduce g_s2 k_c_in1 c_in_g\noutput n c_out h1 h2\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'cad9d50e8a1eaff89986691cd7ee7721123730e24928aa7594ff473dd1ebb736960818a2c1d1ee13663e26dc1bf50e6b8997170398a98b34105e8ba8c7e0a8569237069e7cba3eb532f8d6e4c71bfb4a');
INSERT INTO graphs VALUES(3,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out:C_out g_s:g*s k_h:k\nweight w1 g_s:g*s c_in:C_in k_h:k\nh2, k_h = unfold h1 k\nc_out = expand C_out\ng_s = expand g*s\nc_out1 = share c_out w0.c_out\ng_s1 = share g_s w1.g_s\ng_s2 = share g_s1 w0.g_s\nc_in1 = share c_in w1.c_in\nk_h1 = share k_h w1.k_h\nk_h2 = share k_h1 w0.k_h\nreduce g_s2 c_in1 k_h2\noutput n c_out1 h2 h\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'cad9d50e8a1eaff83831238ab3ae8e40455d07668f8aa035dc3905be9b93bbbb1eb29b29f42bec02b90db76c278772fb81eebd0a9e8eca6f');
INSERT INTO graphs VALUES(4,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out:C_out g_s:g*s\nweight w1 g_s:g*s c_in:C_in k_h:k\nh2 = shift h1 1\nh_s, s = split h2 s\nh3 = merge s h_s\nh4, k_h = unfold h k\nc_out = expand C_out\ng_s = expand g*s\nc_out1 = share c_out w0.c_out\ng_s1 = share g_s w1.g_s\ng_s2 = share g_s1 w0.g_s\nc_in1 = share c_in w1.c_in\nk_h1 = share k_h w1.k_h\nreduce g_s2 c_in1 k_h1\noutput n c_out1 h3 h4\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'cad9d50e8a1eaff83831238ab3ae8e40455d07668f8aa03539182e9f51d200211eb29b29f42bec02b90db76c278772fbd513e5d9c64bf06ecfec48a60a44a14a237b62145f12ca60c6bf24bcacbe959e');
INSERT INTO graphs VALUES(5,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out_s:C_out*s^-2 s:s^2\nweight w1 c_out_s:C_out*s^-2 c_in:C_in\nc_out_s = expand C_out*s^-2\ns = expand s^2\nc_out_s1 = share c_out_s w1.c_out_s\nc_out_s2 = share c_out_s1 w0.c_out_s\ns1 = share s w0.s\nc_out = merge s1 c_out_s2\nc_in1 = share c_in w1.c_in\nreduce c_in1\noutput n c_out h h1\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'455d07668f8aa035f2d1b3bf7bf28ad6a813b480cd220caeebf749bc255837427cfd6889e97ac7b8');
INSERT INTO graphs VALUES(6,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out_g:C_out*g^-1 k_h:k k_h1:k\nweight w1 g:g c_in:C_in k_h:k k_h1:k\nh2 = shift h 1\nh3, k_h = unfold h1 k\nh4, k_h1 = unfold h3 k\nc_out_g = expand C_out*g^-1\ng = expand g\nc_out_g1 = share c_out_g w0.c_out_g\ng1 = share g w1.g\nc_out = merge g1 c_out_g1\nc_in1 = share c_in w1.c_in\nk_h2 = share k_h w0.k_h\nk_h3 = share k_h2 w1.k_h\nk_h4 = share k_h1 w0.k_h1\nk_h5 = share k_h4 w1.k_h1\nreduce c_in1 k_h3 k_h5\noutput n c_out h4 h2\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'3831238ab3ae8e403831238ab3ae8e40455d07668f8aa035960818a2c1d1ee1394ff473dd1ebb736d2ecad414a0ace862f078f7ea295503ab2690275e5c1a04b0c2142a76d90ba9832f8d6e4c71bfb4a');
INSERT INTO graphs VALUES(7,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out:C_out c_in:C_in\nc_out = expand C_out\nc_out1 = share c_out w0.c_out\nc_in1 = share c_in w0.c_in\nreduce c_in1\noutput n c_out1 h1 h\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'455d07668f8aa035ab4b1fb6ff90c52a81eebd0a9e8eca6f');
INSERT INTO graphs VALUES(8,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 k_s:k*s^2 k:k^2 c_in:C_in\nweight w1 c_out_g:C_out*g^-1 k_s:k*s^2 k:k^2 g:g\nh2 = shift h 1\nc_out_g = expand C_out*g^-1\nk_s = expand k*s^2\nk = expand k^2\nc_out_g1 = share c_out_g w1.c_out_g\nk_s1 = share k_s w0.k_s\nk_s2 = share k_s1 w1.k_s\nk1 = share k w0.k\nk2 = share k1 w1.k\nc_in1 = share c_in w0.c_in\ng, c_in_g = split c_in1 C_in*g^-1\ng1 = share g w1.g\nc_out = merge g1 c_out_g1\nreduce k_s2 k2 c_in_g\noutput n c_out h1 h2\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'e465d872768ec2679986691cd7ee7721123730e24928aa75960818a2c1d1ee13d961f25887262cbfc8fdbc8f3da9ad3294ff473dd1ebb736fbbd208652424da032f8d6e4c71bfb4a');
INSERT INTO graphs VALUES(9,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out:C_out k_s:k*s\nweight w1 k_s:k*s c_in:C_in\nh2 = shift h 1\nh_s, s = split h2 s\nh3 = merge s h_s\nh4 = shift h1 1\nc_out = expand C_out\nk_s = expand k*s\nc_out1 = share c_out w0.c_out\nk_s1 = share k_s w1.k_s\nk_s2 = share k_s1 w0.k_s\nc_in1 = share c_in w1.c_in\nreduce k_s2 c_in1\noutput n c_out1 h4 h3\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'a22e03b58ac54bcd455d07668f8aa0352c190626ebee2ad1cfec48a60a44a14addc33009a24f149c5062be60dfcb6cc6359d48a6144da6090acabb3eab0904ff81eebd0a9e8eca6f');
INSERT INTO graphs VALUES(10,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out_s:C_out*s^-1 k_s:k*s s:s\nweight w1 c_out_s:C_out*s^-1 k_s:k*s c_in:C_in\nc_out_s = expand C_out*s^-1\nk_s = expand k*s\ns = expand s\nc_out_s1 = share c_out_s w1.c_out_s\nc_out_s2 = share c_out_s1 w0.c_out_s\nk_s1 = share k_s w1.k_s\nk_s2 = share k_s1 w0.k_s\ns1 = share s w0.s\nc_out = merge s1 c_out_s2\nc_in1 = share c_in w1.c_in\nreduce k_s2 c_in1\noutput n c_out h1 h\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'a22e03b58ac54bcd455d07668f8aa035925f86ddd2552f62ac4431fd1918080e256f28a5c526df9581eebd0a9e8eca6f');
INSERT INTO graphs VALUES(11,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out_g_s:C_out*g^-1*s g:g\nweight w1 c_out_g:C_out*g^-1 c_out_g_s:C_out*g^-1*s c_in_g:C_in*g^-1\nc_in_g, g = split c_in g\nh2 = shift h 1\nc_out_g = expand C_out*g^-1\nc_out_g_s = expand C_out*g^-1*s\nc_out_g1 = share c_out_g w1.c_out_g\nc_out_g_s1 = share c_out_g_s w0.c_out_g_s\nc_out_g_s2 = share c_out_g_s1 w1.c_out_g_s\nc_in_g1 = share c_in_g w1.c_in_g\ng1 = share g w0.g\nc_out = merge g1 c_out_g1\nreduce c_out_g_s2 c_in_g1\noutput n c_out h2 h1\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'f6a29e5629039817123730e24928aa75960818a2c1d1ee131a82834bf9baefd594df426eee911e03663e26dc1bf50e6b94ff473dd1ebb736c6bf24bcacbe959e');
INSERT INTO graphs VALUES(12,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out:C_out c_out_g_s:C_out*g^-1*s\nweight w1 c_out_g_s:C_out*g^-1*s c_in:C_in\nh_s, s = split h s\nh2 = merge s h_s\nc_out = expand C_out\nc_out_g_s = expand C_out*g^-1*s\nc_out1 = share c_out w0.c_out\nc_out_g_s1 = share c_out_g_s w1.c_out_g_s\nc_out_g_s2 = share c_out_g_s1 w0.c_out_g_s\nc_in1 = share c_in w1.c_in\nreduce c_out_g_s2 c_in1\noutput n c_out1 h1 h2\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'f6a29e5629039817455d07668f8aa0352c190626ebee2ad1d30a6d6aca23fc6fa6c8d161bc5e49d5d96ae4c80fff4c34cb48bc4d1d426229');
INSERT INTO graphs VALUES(13,replace('pgraph 1\nname conv2d-tiny\nprimary C_in C_out H N\ncoefficient g=8 k=3 s=2\ninput n:N c_in:C_in h:H h1:H\nweight w0 c_out_g:C_out*g^-1 c_in:C_in\nh2 = shift h1 1\nc_out_g = expand C_out*g^-1\nc_out_g1 = share c_out_g w0.c_out_g\nc_in1 = share c_in w0.c_in\ng, c_in_g = split c_in1 C_in*g^-1\nc_out = merge g c_out_g1\nreduce c_in_g\noutput n c_out h h2\nbind C_in=16 C_out=16 H=16 N=1\nbind C_in=16 C_out=32 H=8 N=1\nbind C_in=32 C_out=32 H=8 N=1\nbind C_in=32 C_out=64 H=4 N=1\nbind C_in=64 C_out=64 H=4 N=1\n','\n',char(10)),X'123730e24928aa75960818a2c1d1ee1394ff473dd1ebb736c8fdbc8f3da9ad32a30e6a02815cc28bf4f673adec0d5098');
CREATE TABLE search_texts (
    candidate INTEGER PRIMARY KEY REFERENCES candidates ON DELETE CASCADE,
    experiment INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
INSERT INTO search_texts VALUES(1,1,'596b25c423636df04760a52029b28742 ad26b64fc846ed2c7849cde191bc085c sum over g; sum over c_in; shift h by 1; merge h with block h*s^-1; weight over [sum g] giving [c_out]; weight over [sum c_in, group s] giving [sum g]; split into group s and block h*s^-1; read the input at [sum c_in, shifted h, split h] remarkable: 名字');
INSERT INTO search_texts VALUES(2,1,'01adc524ab51d58fdda4789314cf1883 2910d844d1ae447c054ae4461bd0506b sum over g*s; sum over k^2; sum over c_in*g^-1; shift h by 1; merge c_out with block c_out*g^-1; split into sum c_in*g^-1 and group g; weight over [sum g*s] giving [block c_out*g^-1]; weight over [split c_in, sum k^2] giving [sum g*s]; unfold split c_in by sum k^2; read the input at [unfolded c_in, shifted h, h] ');
INSERT INTO search_texts VALUES(3,1,'5dbd253a3b602415bb364f5cec4b837c 1685ca220220068fa9e2ae99123f07bc sum over g*s; sum over k; sum over c_in; weight over [sum g*s, sum k] giving [c_out]; weight over [sum c_in, sum k] giving [sum g*s]; unfold h by sum k; read the input at [sum c_in, unfolded h, h] ');
INSERT INTO search_texts VALUES(4,1,'73ed7e74e1c3220e972a30643a64031a 2f4c90e2792e85248fb004cb959ebac9 sum over g*s; sum over k; sum over c_in; weight over [sum g*s] giving [c_out]; weight over [sum c_in, sum k] giving [sum g*s]; unfold h by sum k; merge h with block h*s^-1; split into block h*s^-1 and group s; shift split h by 1; read the input at [sum c_in, unfolded h, shifted h] ');
INSERT INTO search_texts VALUES(5,1,'d08434ce8fb2d005e61374c2e2f9efb5 43f38e6def6d6206f5d96fa539cb047d sum over c_in; merge c_out with block c_out*s^-2; weight over [block c_out*s^-2] giving [group s^2]; weight over [sum c_in] giving [block c_out*s^-2]; read the input at [sum c_in, h, h] ');
INSERT INTO search_texts VALUES(6,1,'7d1084022b3faa7e0e2f687ee941fce5 e135078c8c09558d5b37f28f25e73886 sum over k; sum over k; sum over c_in; merge c_out with block c_out*g^-1; shift h by 1; weight over [sum k, sum c_in, sum k] giving [group g]; weight over [sum k, sum k] giving [block c_out*g^-1]; unfold h by sum k; unfold unfolded h by sum k; read the input at [sum c_in, shifted h, unfolded h] ');
INSERT INTO search_texts VALUES(7,1,'4d243877bac0cb75fad9acf024eafe65 c5467f791c584bdc87808a60b5c86cc2 sum over c_in; weight over [sum c_in] giving [c_out]; read the input at [sum c_in, h, h] ');
INSERT INTO search_texts VALUES(8,1,'2a86e55daed0c30d5e0e2024dc6a0bbb 50155800814b157d3a3d5b4379d60608 sum over k*s^2; sum over k^2; sum over c_in*g^-1; merge c_out with block c_out*g^-1; weight over [sum k*s^2, group g, sum k^2] giving [block c_out*g^-1]; split into group g and sum c_in*g^-1; shift h by 1; weight over [split c_in] giving [sum k*s^2, sum k^2]; read the input at [split c_in, shifted h, h] ');
INSERT INTO search_texts VALUES(9,1,'97e075359c0482dbaa87f262f0ca56e5 e8252b9902503b046c0ade88461775aa sum over k*s; sum over c_in; merge h with block h*s^-1; split into block h*s^-1 and group s; shift split h by 1; shift h by 1; weight over [sum k*s] giving [c_out]; weight over [sum c_in] giving [sum k*s]; read the input at [sum c_in, shifted h, shifted h] ');
INSERT INTO search_texts VALUES(10,1,'2ce63a2c94360b1e8a607e7860a4a06a 0b79b9fdef04b69111b5afd928613dc6 sum over k*s; sum over c_in; merge c_out with block c_out*s^-1; weight over [block c_out*s^-1, sum k*s] giving [group s]; weight over [sum c_in] giving [block c_out*s^-1, sum k*s]; read the input at [sum c_in, h, h] ');
INSERT INTO search_texts VALUES(11,1,'9b42d2bee34adbc52e0391b1d8bec86f f9a9e96ceb391ddc8b0d0e17f37694b0 sum over c_out*g^-1*s; sum over c_in*g^-1; merge c_out with block c_out*g^-1; weight over [sum c_in*g^-1, sum c_out*g^-1*s] giving [block c_out*g^-1]; weight over [group g] giving [sum c_out*g^-1*s]; split into sum c_in*g^-1 and group g; shift h by 1; read the input at [split c_in, h, shifted h] ');
INSERT INTO search_texts VALUES(12,1,'83bf7066c100c5eb681c508f7e46f27e 4b92c8c8093f95496ccaf5ae98be62d5 sum over c_out*g^-1*s; sum over c_in; merge h with block h*s^-1; split into block h*s^-1 and group s; weight over [sum c_out*g^-1*s] giving [c_out]; weight over [sum c_in] giving [sum c_out*g^-1*s]; read the input at [sum c_in, split h, h] ');
INSERT INTO search_texts VALUES(13,1,'a5dc2609726f1466bf4cb7f409fdb639 614a24526a4562e14fe5370b485503c7 sum over c_in*g^-1; merge c_out with block c_out*g^-1; shift h by 1; split into group g and sum c_in*g^-1; weight over [split c_in] giving [block c_out*g^-1]; read the input at [split c_in, h, shifted h] ');
CREATE TABLE environments (
    id INTEGER PRIMARY KEY,
    description TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO environments VALUES(1,'{"cpu":"some processor","libtorch":"1.13.0"}');
CREATE TABLE evaluations (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    candidate INTEGER REFERENCES candidates ON DELETE CASCADE,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    backend TEXT NOT NULL,
    device TEXT NOT NULL,
    dtype TEXT NOT NULL,
    threads INTEGER NOT NULL,
    binding INTEGER NOT NULL,
    request TEXT NOT NULL,
    result TEXT NOT NULL,
    latency_ratio REAL,
    accuracy REAL,
    reward REAL,
    reward_components TEXT NOT NULL,
    message TEXT NOT NULL,
    environment INTEGER REFERENCES environments,
    started INTEGER,
    finished INTEGER
) STRICT;
INSERT INTO evaluations VALUES(1,1,1,'benchmark','done','libtorch','cpu','float32',1,-1,'{"repeats":20}','{"type":"bench_result","ratio":0.625}',0.625,NULL,NULL,'{}','',1,1790000000000,1790000001000);
INSERT INTO evaluations VALUES(2,1,1,'training','done','libtorch','cpu','float32',1,-1,'{"epochs":2}','{"type":"train_result","accuracy":0.5}',NULL,0.5,0.25,'{"accuracy":0.5}','',NULL,1790000001000,1790000009000);
INSERT INTO evaluations VALUES(3,1,2,'training','failed','libtorch','cpu','float32',1,-1,'{}','{}',NULL,NULL,NULL,'{}','The loss became infinite in epoch 1.',NULL,1790000001000,1790000002000);
INSERT INTO evaluations VALUES(4,1,3,'benchmark','running','libtorch','cpu','float32',1,-1,'{}','{}',NULL,NULL,NULL,'{}','',NULL,1790000009000,NULL);
INSERT INTO evaluations VALUES(5,1,NULL,'training','done','libtorch','cpu','float32',1,-1,'{}','{}',NULL,0.75,NULL,'{}','',NULL,1790000009000,1790000010000);
CREATE TABLE epochs (
    evaluation INTEGER NOT NULL REFERENCES evaluations ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    loss REAL, -- NULL: not a number, the training diverged
    accuracy REAL NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (evaluation, epoch)
) STRICT, WITHOUT ROWID;
INSERT INTO epochs VALUES(2,1,2.25,0.25,1.5);
INSERT INTO epochs VALUES(2,2,NULL,0.5,1.5);
CREATE TABLE constraints (
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    scope TEXT NOT NULL,
    predicate TEXT NOT NULL,
    action TEXT NOT NULL,
    active INTEGER NOT NULL,
    created INTEGER NOT NULL,
    lifted INTEGER
) STRICT;
INSERT INTO constraints VALUES(1,1,'everywhere','{"id":1,"what":0}','prune',0,1790000000000,1790000005000);
INSERT INTO constraints VALUES(2,1,'below 17','{"id":2,"what":0}','pin',1,1790000000000,NULL);
CREATE TABLE iterations (
    experiment INTEGER NOT NULL REFERENCES experiments ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    path BLOB NOT NULL,
    reward REAL,
    candidate INTEGER REFERENCES candidates ON DELETE SET NULL,
    PRIMARY KEY (experiment, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO iterations VALUES(1,1,X'530100a16a071197fde77020000124c577890100455d07668f8aa035010001eceef87b050294ff473dd1ebb7360400010100420fc96305072c190626ebee2ad1140001ff01007babb0c00201d1d7b860d1b1d253010008005b73cb7102015112b7d7c379bb890600010039dbbdbd050409879726fbfe8692140001ff030288e4b81c040881eebd0a9e8eca6f001398e613f6',0.92638888885267078876,1);
INSERT INTO iterations VALUES(1,2,X'530900cad9d50e8a1eaff8300001012ad0aaefaa66fb2e0201009986691cd7ee7721080002d63e162d0100123730e24928aa75210001ff8f6877da010294ff473dd1ebb736040001d5aaedd40507960818a2c1d1ee13220001ff04001ae69d6d0504663e26dc1bf50e6b200001010238ef48f402018997170398a98b34080020002090cb0d0201105e8ba8c7e0a85605000800a6de709c05059237069e7cba3eb508000200020c15d934040832f8d6e4c71bfb4a000ba3957a77',0.26249999995343387126,2);
INSERT INTO iterations VALUES(1,3,X'530900cad9d50e8a1eaff8300001012ad0aaefaa66fb2e0209003831238ab3ae8e40080001104c405612d7ba12030100455d07668f8aa03501000152ac945a0201dc3905be9b93bbbb240008001af8f1a502011eb29b29f42bec0212000400cda7dfdd0505b90db76c278772fb080001000387870114040881eebd0a9e8eca6f0013f71841c1',0.55833333334885537624,3);
INSERT INTO iterations VALUES(1,4,X'530900cad9d50e8a1eaff8300001012ad0aaefaa66fb2e0209003831238ab3ae8e40080001104c405612d7ba12030900455d07668f8aa03501000152ac945af449203e04020139182e9f51d2002104000800bcd7f17802011eb29b29f42bec02120004003be176f50505b90db76c278772fb08000100039f1ec0790507d513e5d9c64bf06e140001ff0100b340a9cc0504cfec48a60a44a14a1000010203f68f18990502237b62145f12ca6004000101000e67e9330408c6bf24bcacbe959e000ffdb1e979',0.71388888894580304622,4);
INSERT INTO iterations VALUES(1,5,X'530900455d07668f8aa0350100017ec15796b622be75050507f2d1b3bf7bf28ad6120001fe02006138cf6a0201a813b480cd220cae04000200c45b6bda0201ebf749bc25583742040002000e611b0004087cfd6889e97ac7b80007ba412840',0.96979166660457849502,5);
INSERT INTO iterations VALUES(1,6,X'5309003831238ab3ae8e400800017700d34f44de19400701003831238ab3ae8e40080001509b68440100455d07668f8aa03501000113add91f0507960818a2c1d1ee13220001ff030037d00da6010294ff473dd1ebb736040001fb04b7f60201d2ecad414a0ace862a000400650ccdda02012f078f7ea295503a210010000b8d0a890505b2690275e5c1a04b0800010001e6bad32505050c2142a76d90ba98080001010382c8aa32040832f8d6e4c71bfb4a000ba197fd7e',0.64375000004656612873,6);
INSERT INTO iterations VALUES(1,7,X'530900455d07668f8aa0350100017ec15796b622be75050a01ab4b1fb6ff90c52a02000400f3fe8f7e26f20df308040881eebd0a9e8eca6f001328dcd718',0.88888888899236917495,7);
INSERT INTO iterations VALUES(1,8,X'530900e465d872768ec26718000102b2d9f4a1145077700b01009986691cd7ee7721080002ebff6bda0100123730e24928aa75210001ffd815233e0507960818a2c1d1ee13220001ff040086c0d9c90201d961f25887262cbf1c004000672a89ae0504c8fdbc8f3da9ad32210001ff030137e3d6a1010294ff473dd1ebb736040001dab85e880201fbbd208652424da01000060068ffd94d040832f8d6e4c71bfb4a000b7bc23a97',0.0062500000931322574615,8);
INSERT INTO iterations VALUES(1,9,X'530900455d07668f8aa0350100017ec15796b622be75050a01ab4b1fb6ff90c52a02000400f3fe8f7e26f20df3080c0881eebd0a9e8eca6f001328dcd7186a02fc350c',0.88888888899236917495,7);
INSERT INTO iterations VALUES(1,10,X'530900a22e03b58ac54bcd18000101d70720689cc2a9a90e0100455d07668f8aa03501000166e948c001072c190626ebee2ad1140001ff28e7e3bc0504cfec48a60a44a14a1000010405ef2407c50502ddc33009a24f149c04000101002553976705025062be60dfcb6cc6040001030034695c8e0201359d48a6144da60910000400972acf1a02010acabb3eab0904ff02000800de8c7d8a040881eebd0a9e8eca6f00133519d49a',0.94479166669771075248,9);
INSERT INTO iterations VALUES(1,11,X'530900a22e03b58ac54bcd18000101d70720689cc2a9a90e0900455d07668f8aa03501000166e948c06d4f48770f0507925f86ddd2552f62120001ff0200eb9a80370201ac4431fd1918080e28000200022552300201256f28a5c526df95020014003f216cdc040881eebd0a9e8eca6f00138bc2e4c0',0.63749999995343387126,10);
INSERT INTO iterations VALUES(1,12,X'530900f6a29e562903981732000101fff03e91245783eabd100100123730e24928aa75210001ff2da1e1470507960818a2c1d1ee13220001ff030024a2e56e02011a82834bf9baefd5060020007fb2dc79020194df426eee911e0308000400cff36ab90504663e26dc1bf50e6b2000010102fe21f12e050294ff473dd1ebb73604000101001775c9f80408c6bf24bcacbe959e000ff1974029',0.86388888885267078876,11);
INSERT INTO iterations VALUES(1,13,X'530900f6a29e562903981732000101fff03e91245783eabd100900455d07668f8aa0350100015220b29980e67e371101072c190626ebee2ad1140001ffd0572e4b0504d30a6d6aca23fc6f1000010302b757690d0201a6c8d161bc5e49d5010008006320e1d10201d96ae4c80fff4c34080004009b6a5b9c0408cb48bc4d1d426229001573fac000',0.93888888880610466003,12);
INSERT INTO iterations VALUES(1,14,X'530900123730e24928aa75210001ff71c81e6177c2c3aa120507960818a2c1d1ee13220001ff0200889dacf2010294ff473dd1ebb736040001c96de4cc0504c8fdbc8f3da9ad32210001ff0201cbb617930201a30e6a02815cc28b0800040007666cd00408f4f673adec0d50980005a5581799',0.98611111100763082504,13);
CREATE TABLE exports (
    id INTEGER PRIMARY KEY,
    candidate INTEGER NOT NULL REFERENCES candidates ON DELETE CASCADE,
    format TEXT NOT NULL,
    path TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
INSERT INTO exports VALUES(1,1,'pytorch','/home/ada/operator.py',1790000020000);
CREATE INDEX candidates_found ON candidates (experiment);
CREATE INDEX candidates_fingerprint ON candidates (experiment, fingerprint);
CREATE INDEX candidates_iteration ON candidates (experiment, iteration);
CREATE INDEX candidates_total_flops ON candidates (experiment, total_flops);
CREATE INDEX candidates_flops_ratio ON candidates (experiment, flops_ratio);
CREATE INDEX candidates_parameters ON candidates (experiment, parameters);
CREATE INDEX candidates_starred ON candidates (experiment, starred);
CREATE INDEX candidates_state ON candidates (experiment, state);
CREATE INDEX candidates_latency_ratio ON candidates (experiment, latency_ratio);
CREATE INDEX candidates_accuracy ON candidates (experiment, accuracy);
CREATE INDEX candidates_reward ON candidates (experiment, reward);
CREATE TRIGGER candidate_added AFTER INSERT ON candidates
BEGIN
    INSERT INTO search_texts (candidate, experiment, text) VALUES (NEW.id, NEW.experiment,
        lower(NEW.hash || ' ' || NEW.fingerprint || ' ' || NEW.moves || ' ' || NEW.note));
END;
CREATE TRIGGER candidate_noted AFTER UPDATE OF note ON candidates
BEGIN
    UPDATE search_texts SET text = lower(NEW.hash || ' ' || NEW.fingerprint || ' ' || NEW.moves || ' ' || NEW.note)
    WHERE candidate = NEW.id;
END;
CREATE INDEX evaluations_candidate ON evaluations (candidate);
CREATE INDEX evaluations_status ON evaluations (status, experiment);
CREATE TRIGGER evaluation_added AFTER INSERT ON evaluations
WHEN NEW.status = 'done' AND NEW.candidate IS NOT NULL
BEGIN
    UPDATE candidates SET latency_ratio = coalesce(NEW.latency_ratio, latency_ratio),
        accuracy = coalesce(NEW.accuracy, accuracy), reward = coalesce(NEW.reward, reward)
    WHERE id = NEW.candidate;
END;
CREATE TRIGGER evaluation_changed AFTER UPDATE ON evaluations
WHEN NEW.status = 'done' AND NEW.candidate IS NOT NULL
BEGIN
    UPDATE candidates SET latency_ratio = coalesce(NEW.latency_ratio, latency_ratio),
        accuracy = coalesce(NEW.accuracy, accuracy), reward = coalesce(NEW.reward, reward)
    WHERE id = NEW.candidate;
END;
CREATE INDEX constraints_experiment ON constraints (experiment, active);
CREATE INDEX iterations_pending ON iterations (experiment, sequence) WHERE reward IS NULL;
CREATE INDEX exports_candidate ON exports (candidate);
COMMIT;
PRAGMA application_id = 1400467055;
PRAGMA user_version = 1;
