// Package drafts holds first drafts of the operation in real frameworks, one in each
// folder: what somebody writes from the page on the first afternoon. None is wrong on
// purpose; what the conformance suite finds in them comes mostly from what the frameworks
// do by default. README.md has the verdicts.
//
// A draft is a program that listens on 127.0.0.1, on the port in the environment
// variable PORT. It begins with the users and the tokens of users.json, and keeps what
// it is told in memory (PHP: in a file). expected.txt in its folder is what the suite
// finds.
//
// The tests install the packages from npm; Debian's packages have to be there.
package drafts
