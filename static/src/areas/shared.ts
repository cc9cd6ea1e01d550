// What several areas of screens share; the bundler makes one file of it (bundle/gather.go).
import '../base';
import '../schema.gen';
import '../screens/phone/choose_picture';
import '../screens/phone/conflicts';
import '../screens/phone/contacts';
import '../screens/phone/language';
import '../screens/phone/outcomes';
import '../screens/phone/parts';
import '../screens/phone/use_save';
import '../screens/phone/when';
import '../ui/later';
