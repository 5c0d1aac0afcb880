package screens

// ActName is actName for the tests.
var ActName = actName
