package demo

// origin is a set of names and the language that goes with it.
type origin struct {
	language   string // Swedish name of it, as lists write it; empty: Swedish
	women, men []string
	last       []string
}

// swedish are names for the many; the rest are for some.
var swedish = origin{
	women: []string{
		"Anna", "Eva", "Maria", "Karin", "Sara", "Kristina", "Lena", "Emma", "Kerstin", "Ingrid", "Malin", "Jenny", "Annika", "Linda", "Susanne", "Elin",
		"Monica", "Birgitta", "Sofia", "Inger", "Johanna", "Carina", "Hanna", "Ida", "Frida", "Ulla", "Gunilla", "Helena", "Julia", "Ebba", "Moa", "Alma", "Siv", "Gunvor",
	},
	men: []string{
		"Lars", "Mikael", "Anders", "Johan", "Erik", "Per", "Peter", "Jan", "Daniel", "Thomas", "Fredrik", "Hans", "Andreas", "Stefan", "Mats", "Bengt",
		"Marcus", "Magnus", "Mattias", "Jonas", "Niklas", "Martin", "Björn", "Oskar", "Viktor", "Emil", "Axel", "Hugo", "Elias", "Love", "Göran", "Leif", "Sven", "Ulf",
	},
	last: []string{
		"Andersson", "Johansson", "Karlsson", "Nilsson", "Eriksson", "Larsson", "Olsson", "Persson", "Svensson", "Gustafsson", "Pettersson", "Jonsson", "Jansson",
		"Hansson", "Bengtsson", "Lindberg", "Jakobsson", "Magnusson", "Lindström", "Lindgren", "Axelsson", "Berg", "Bergström", "Lundberg", "Lind", "Lundgren",
		"Berglund", "Fredriksson", "Sandberg", "Henriksson", "Forsberg", "Sjöberg", "Wallin", "Engström", "Danielsson", "Håkansson", "Eklund", "Lundin", "Björk", "Åberg",
	},
}

var others = []origin{
	{"Arabiska", []string{"Nadia", "Layla", "Hanan", "Rima", "Salma"}, []string{"Samir", "Yousef", "Omar", "Karim", "Tarek"}, []string{"Hassan", "Saleh", "Khalil", "Nasser", "Haddad", "Mansour"}},
	{"Somaliska", []string{"Hodan", "Fadumo", "Ayaan", "Ifrah"}, []string{"Abdi", "Mahad", "Liban", "Guled"}, []string{"Warsame", "Abdullahi", "Farah", "Jama", "Ali"}},
	{"Finska", []string{"Mirja", "Tuula", "Aino", "Marja"}, []string{"Pekka", "Timo", "Juha", "Ilkka"}, []string{"Korhonen", "Virtanen", "Nieminen", "Laine", "Heikkinen"}},
	{"Ukrainska", []string{"Oksana", "Iryna", "Olena", "Natalija"}, []string{"Andrij", "Oleh", "Mykola", "Taras"}, []string{"Kovalenko", "Bondarenko", "Melnyk", "Tkatjenko"}},
	{"Tigrinska", []string{"Selam", "Helen", "Feven"}, []string{"Tesfay", "Yonas", "Filmon"}, []string{"Tekle", "Haile", "Berhane"}},
	{"Persiska", []string{"Shirin", "Parisa", "Mina"}, []string{"Reza", "Dariush", "Amir"}, []string{"Ahmadi", "Karimi", "Hosseini"}},
	{"Polska", []string{"Agnieszka", "Ewa", "Katarzyna"}, []string{"Piotr", "Marek", "Tomasz"}, []string{"Kowalski", "Nowak", "Zielinska"}},
}

// streets of Sjöberga. Each house has one door and one code.
var streets = []struct {
	name     string
	postcode string
	houses   int
}{
	{"Björkgatan", "999 10", 15}, {"Källargränd", "999 10", 6}, {"Mossvägen", "999 12", 24}, {"Rönnbärsgatan", "999 12", 12}, {"Tallvägen", "999 14", 14},
	{"Lingonstigen", "999 14", 11}, {"Kvarnbacken", "999 16", 8}, {"Smedjegatan", "999 16", 18}, {"Ängsvägen", "999 18", 16}, {"Strandliden", "999 18", 9},
}

const town = "Sjöberga"
