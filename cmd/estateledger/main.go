// Command estateledger is the whole product in one binary.
package main

import "fmt"

func main() { fmt.Println("estateledger") }
