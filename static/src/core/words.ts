// Plain Swedish words for passphrases: a list of our own, without names, frightening
// words, or any that is hard to type. Four of them are about 44 bits.
const list = `
abborre advent affär afton aftonsol agent akvarium album alm altan ambulans ananas andas ande andjakt anhalt anka ankare ankdamm antal anteckna antenn
apa apelsin aptit aria arm armband aroma art artikel ask aska aspen aster atlas atom avenbok avig avsats avsikt avstånd avtal axel back backe bad
badbalja badhus badort bagare bageri bagge bakelse bakgata bakgrund balans balett balja balkong ballong balsam banan band bandage bank bar barfota
bark barkbåt barn barnvagn barr barrskog bas basar basilika bastu batteri beige ben berg bergstopp berså bete betong bibliotek bikupa bild bildäck
bilfärja biljett billykta bio biskvi björk björn björnbär blad blank blekgul blick blixt block blomma blus blå blåbär blåklocka blåmes blåst blåval
bläck bläddra bock bod bok bokhylla boll bolster bomull bonde bord bordduk borr borste boskap bostad botten boulevard boxare brant brasa bred brev
bricka bringa brits bro broder broms brosch brun brunn brygga bryta bräda brädspel bröd brödkavel bröllop bröst bubbla budskap buk bukett bulle buller
burk buske buss bygel byrå byxa båge båt båtmast bäck bädd bägare bälte bänk bär bäst bäver böja bön böna cello cement centrum chans charm chef chili
choklad cirkel cirkus cistern citron clown cykel cykelväg cylinder dag dagbok dagg daggmask dagis dal dalgång dallra damm dammsuga dans dansare dator
deg dekal delfin dessert diadem dialog dike dikt diktare dill dimma dimpa diplom direkt dirigent disk diska disktrasa djungel djup djur docka doft dop
dotter dragspel drake dricka drift drivved droppe drottning druva dryck dräkt dröm drömma duk dunge dunkel duns dusch duva dygn dykare dyna dyning
dyster däck dämpa däremot dörr dörrmatta egg eko ekollon ekorre ektorn eldfluga elefant elev elva enbär ende energi engelsk enhet enkel ensam enstaka
envis epok etikett expert extra fabel fabrik fackla faktum falk fallucka famn fanfar fantasi far farbror farfar farmor fart fartyg fasad fasan fat
fest fiber fickur figur fikon fil film filt filur fin finger fink fiol fisk fiska fiskmås fiskspö fjord fjun fjäder fjäll fjällräv fjäril fjärran
flagga flamma flaska fleece flera flicka flin flinga flod flodhäst flotte fluga flyg flygplan flykt flytta flytväst flöda flöjt flöte foder fokus folk
fontän fora form forntid fors fort fot fotogen fotstig framme fred frisk frisör fritid frost frostig frukost frukt fryntlig frysa fråga frälsa
främling frö fröjd fuga fukt furu fyr fyrkant fågel fågelbo fåra fårull fälg fält färg färja färsk fäste fästning fönster förr förråd försök förälder
gaffel galax galler galosch gamling gammal ganska garage garanti gardin garn gas gasell gast gata gatlykta gatukök gavel genial gest get geting giraff
gitarr glada gladiolus glans glas glass glasögon glid glimma glimt glipa glitter glob glugg gluggar glädje glänta glöd glöggmugg gnejs gnissla gnista
gnola gnom gods golv gondol gott grabb grad grafik gran granit granne gratis grav gravyr gren grevinna grill grind gris groda grotta grov grubbla
grund grupp grus grymta gryta grå gråsparv grädde gräns gräs gräshoppa gräsmatta grävling grön grönsak gubbe gul guld guldfisk gummi gunga gungstol
guppa gurka gyllene gymnast gås gåsmamma gåta gåva gädda gälla gäng gärde gärna gäst gök göra gördel hage hagel haka hall hallon halm hals halsband
halt halvö hambo hammare hamn hamster hand handduk handla handske hangar hare harkla harpa haspel hassel hast hatt hav havande havre havsbris hed
hejda hel helg hem hemman hemväg herde hermelin hingst hink hinna hiss hjort hjul hjälm hjälp hjälte hjärna hjärta holk holme honung hopp hoppa horn
hotell hov humla hummer humor hund hunger hus husbil huva huvud hydda hygge hylla hyra hytt hytta hål hålla hår hårband häger hägg häl hälsa hämta
hänga hängare hängmatta häpen härd härlig häst hästsko höft hög högtid hök höna höstack hövding idegran idol igelkott iglo ikon iller ilska impala
ingång insekt intill isberg isbit isbjörn ishav ishink istapp jacka jaguar jakt jasmin jeans jobba jojo jolle jord jordgubbe jordnöt jour jubel jul
julgran jury justera juvel jägare jämn järn järnväg jäst jätte kabel kabin kajak kaka kakao kakel kaktus kal kalas kalender kalk kall kalv kam kamel
kamin kamomill kamp kamrat kanal kanel kanin kanna kanon kanot kant kantarell kapa kapell kapp kapsyl karamell karavan karm karp karta kartong
karusell kassa kasse kast kastanj kastrull katt kattuggla kavaj kedja kejsare keps keramik ketchup kil kilo kind kiosk kisa kista kjol klack kladd
klang klar klarinett klass klippa klippt klister klo klocka klok klot klove klubb klunga klyfta klyka klä klänning klöver knacka knapp knaster knippe
kniv knop knopp knorr knota knubbig knut knyte knytt knä knäck knöl kobra kock kod koffert kofta koja kokos kol kola kolibri kolla koloni kolonn komma
kompass kompis konsert konst konstig kontor kopp koppar korall korg kork korn korp korsning kort korv kosmos kosta kostym kraft krage krans kratta
krita krog krok krokus krona kronan kronblad kruka krukväxt krus krut krydda krympa kryss kråka kräfta kräm kub kudde kulle kultur kulör kung kupol
kupong kurs kusin kust kvad kvadrat kvalster kvarn kvarter kvast kvick kvinna kvist kvitter kvitto kväll kvällssol kyla kylskåp kyrka kål kåldolme
kåre kåseri kälke källa källare känga kär kärna kärra kärve kök köksbord köld kör körsbär labyrint lack lada ladda laddare lagboll lager lagun lakan
lake lakrits lampa land landa landsväg lapp larm larv laser lasso last lastbil latin lavendel lax ledig legend lejon lek leka lekplats lera lergök
lexikon libell liga likna lila lilja limpa lina lind lingon linjal linje linne lins list lita liten ljud ljum ljung ljus ljusstake ljusår lock lod
loft logg lok lokal lomhörd lopp loppa lotsa lott lov lovsång luciatåg luft lugg lugn lukt lunch lupin lur lust lycka lykta lyra lysa lyssna låda låga
lånekort lång långa lås låsa låt läcker läder läge läger läkare lära lärare lärka läsa läsk lätt lättja lök löpare lösa löv lövskog lövträd madrass
mage magi magisk magnet majs majstång mandarin mandel mango mantel mark marknad marmelad marsvin mask maskros massage mast mat match matros maträtt
matta medalj medicin meja mejsel mellan melodi melon meny mes messing metall meter middag midsommar mil mild mimosa minne mint minut mjuk mjäll mjöd
mjöl mjölk mobil modell modern modig mogen molekyl moln mor moral morfar morgon mormor morot moster motion motor mugg mulen mullbär mullvad multna mun
mungo munk munspel mur murare murgröna mus museum musik muskel muskot mussla mustasch mygga myggnät mylla mynt mynta myra myrstack mysa mysig mystik
mystisk mål målarbok målare måltid mån månad måne månsken mård mås måste mått människa märg märke mässing möbel mörk mörker möss mössa möta möte nacke
nagel nalle namn narciss nard natt nattljus natur navel nektar nervig netto nickel ninja nio nisch noga nordan norr norrsken not nota novell nudel
nummer nunna nyans nyckel nyfiken nyhet nyp nypon nysa nyss nystan nytta nåd nål nåldyna nåväl näbb näck näktergal närbild näring näsa näsduk näst nät
nätverk nöjd nöje nöt nöta oas obruten ocean ocker odla odling offer ofta ogräs okej oktav olika oliv olja olympisk omaka omelett omge opal opera
optik orange ord ordbok order ordspråk orgel original orka orkan orkester orm ormbunke ost ostkaka oval oxe oändlig padda paddel paket palats palm
panda panel panna pannkaka papper paprika parad paradis paraply park parkera parti pass passa pastej patron paus pedal pelare pelikan pendel penna
pensel peppar persika persilja pianist piano picknick pil pilbåge pilot pingvin pinje pinne pion pipa pirat pistasch pizza pjäs planet planka plask
plast plats plikt plint plocka plog plommon plugga plump plus plåster plåt plätt poesi poet pokal poker polare polis pollen polotröja pommes ponny
popcorn poppel porslin port portal portmonnä post postbil potatis potta praktisk prassel prat pricka prima princip prins prinsessa prisma profil
program promenad propp prov prunkande präktig präst psalm pudding pudel puder pulka puls pumpa pund punkt purjolök pussel putsa pynta pyra pyssel pyts
påfågel påse påsk påskris pälsa pärla pärm päron pöl racer radar radio raffel ragu rak raka raket ram rand rask rast ratt rebus recept reda redskap
regel regn regnbåge regnrock ren rep reporter reptil resa reserv resväska riddare ridå rik rim rimma ring ringa rista ritning robot rock rodd roder
rolig roll roman romb ropa ror ros rosa rosett rosmarin rost rot rota rubin rucola rulla rulle rum rund runsten rusa ruska russin rustning ruta rutig
ryck rygg ryggsäck rykte rymd rymdskepp rymlig rysk ryttare råd rådjur råg råka råtta rädisa räfsa räka räkna räls ränna rätt räv röd röda rödbeta
rödhake rök rön rönnbär rör röra rörlig röst saffran safir saft saga sak sakta sallad salt salva samba samla samovar samtal sand sandal sardin sax
scarf scen schack schal schema sebra sedel segel seger segla sekel sekund selleri semester semla sen senap senat serie servett sikt sil silke silver
simhall simma sinne sirap siren sits sittplats sju sjukhus sjunga sjungande själ sjö sjöbod sjöman skafferi skal skala skalbagge skara skarv skata
skatt ske sked skena skepp skeppare skicka skida skidspår skiffer skift skin skina skinka skiss skiva skjorta skjul sko skog skogsstig skola skolgård
skomakare skorpa skorsten skovel skratta skridsko skrin skriva skrov skrubb skruv skrynkla skråma skräddare skugga skuldra skum skumpa skur skuta
skvaller skvätt skyhög skylt skymning skynda skytt skål skåp skägg skämt skär skärgård sköld skön skörd sköta slagverk slalom slang slant slask slev
slinga slips slott sluss slutta sluttning slåtter släde släkt släng slätt slöja smak smaka smal smed smedja smet smide smidig smil smink smita
smittsam smula smultron smyg små småbarn småkaka smör smörgås snabb snabel snart snegla snibb snickare snida snigel snitt snorkel snurra snyggt snår
snäcka snäll snäppa snö snöboll snödroppe snöflinga snögubbe snöre social socka socken socker soda soffa sol solhatt solig solklar solo solros
solstråle son sopa sopran sork sot spade spalt spana sparris sparv spegel spel spela spelman spets spett spik spindel spinna spira spis spjut spjäla
spola sporre sport springa språk spån spår spännande spöke stad stadig stadion staffli stake stall stam stamp standard stark start stat staty stav
steg stek stekpanna sten stengärde steppa stig stilig stiltje stim stjälk stjärna stock stol stolpe stolt stopp stor stork storm strand stripig
strumpa strut struts stråle sträcka sträng strö ström strömming stubbe student studie studs stuga stund stuv styrka styrman styv stå stål stång städ
städa ställe stämpel stängsel stöd större störst stöta stövel suck sula sulky summa sund surfa surra sushi svala svalka svamp svan svans svart svensk
svepa sväng svärd svärm sväva sybehör sylt symaskin symbol syra syren syrsa system syster systrar såg sång sångare såpa såpbubbla säck säd säga säker
säl säljare sälle sällskap säng sänka särskilt säte säter sävlig söder sök söka sömn söt sötma tablett tack tacka tagg tak taklampa takt takås tal
talang tall talldunge tallrik tand tango tanke tant tapet tapper tass tavla taxi teater tecken teckna tegel tejp tekanna tempel tempo tennis tenor
termos text tid tidig tidning tidsresa tiger timjan timme tinna tiotal tistel titel titta tivoli tjock tjugo tjur tjära tjärn tofs tolk tolv tomat
tomte ton tona tonfisk topp torg torka torn tornado torp torr torsk tradition trakt traktor trampa trana trapp trappa trasa trast tratt tre trekant
trend treva trivas trivsel trojka troll trolla trombon trubadur trumma trumpet trut tryck tryffel trygg tråd trådrulle trång trä träd träda trädgård
träff tränare träsk träsko tröja tröskel tröst tub tuff tugga tulpan tumlare tumme tundra tunna tunnel tunnland tupp tur turban turist tusen tuva
tvekan tvinna tvist två tvål tvätt tyda tyg tygla tyngd tyst tåg tågräls tång tårta tåt täcke täckning tält tälta tämja tänd tänka tärna tärning tät
tävla töa tölt törn törst ubåt udd udde uggla ugn ull ullig umbra under undra ung ungdom uniform universum uppsats urskog urtid utanför utflykt utsikt
utter vacker vadare vagga vagn vaken vakna vakt valack valla vallmo valnöt valross vals vana vandra vanilj vante varg varm varv vas vass vatten vattna
vax ved vedbod vedspis vektor verb verkstad verktyg vers vete vettig vev vicka vidd video vild vildand vildros vilja villa vimpel vinbär vind vindruta
vindruva vinge vinkel vinna viol violin vippa vira virvel visa visir viska vispa vissla vistas vit vitling vits vitsippa vokal volang volt vrak vred
vrå vulkan vuxen våg vågrät vårdag vårt våt väder väg vägbro vägg vägskäl väja väktare väl välling vän väninna vänster vänta värd värld värma värme
väska väster väta väv vävstol växel växt växthus yacht yla ymnig ympa yngling yrke yrväder yta ytter yxa åder åka åker åkerbär ålder åldrad ånga
ångbåt ångra åra åring årstid åsikt åska åsna åtta åttio äga ägg äggula äkta älg älgko älskling älv ämne äng ängel änka äppelträd äpple ära ärlig ärm
ärta äta ättika ättling äventyr öde ödla öga ögonblick öken önska öppen öppna öra örhänge örn örngott örter öst östan öster öva över överrock övning
`;

export const words: string[] = list.trim().split(/\s+/);
