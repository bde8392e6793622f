package sqlstore

// MariaDB is the dialect of MariaDB 10.5 or newer with InnoDB, alone or in a
// Galera cluster (see [Failover]): that of [MySQL], and an error on anything
// else.
var MariaDB = mysqlDialect("MariaDB", "MariaDB")
