// Package estate is the register: where the estates lie, what units they have,
// how large those are, who owns and who occupies them, which company took the
// estate over and under which contract.
//
// Its words: a district is divided into sub-districts (街道), those into
// communities (社区), those into estates (小区); an estate has buildings (栋),
// those have stairs (单元), those have units (室). A title (产权) says who owns a
// unit from a day on, by shares; it ends where the next one begins. A takeover
// (接管) says that a property company entered an estate on a day, with a
// checklist of what was handed over.
//
// Its invariants:
//   - what passes in time is never overwritten: areas, titles, checklist states
//     and contracts are rows with a day, and every past day can be looked up;
//   - a level the source does not name is a placeholder called 未定, never a
//     guess; an area nobody knows is missing, never zero;
//   - persons are one only by the hash of a document number or by an explicit
//     act, never by name: the heads of Civil Code art. 278 are counted on it;
//   - the shares of a title add up to the whole, or there are none (the owner is
//     not registered);
//   - every use case is an access.Act, every view filters by scope in SQL.
package estate
