// Reading aloud, with voices that are on the phone: what a tenant reads at the door is
// not sent to whoever makes the voices of the others.
import { useEffect, useState } from 'preact/hooks';
import { Icon, t } from '../../ui';
import { pickVoice } from './voice';

/** The voices of this phone, which some browsers tell only after a moment. */
function useVoices(): SpeechSynthesisVoice[] {
  const [voices, setVoices] = useState<SpeechSynthesisVoice[]>(() => globalThis.speechSynthesis?.getVoices() ?? []);
  useEffect(() => {
    const speech = globalThis.speechSynthesis;
    if (!speech) return;
    const look = () => setVoices(speech.getVoices());
    speech.addEventListener?.('voiceschanged', look);
    look();
    return () => speech.removeEventListener?.('voiceschanged', look);
  }, []);
  return voices;
}

/** Reads the text, where the phone has a voice for it; otherwise there is no button. */
export function Listen({ text, language, dir, listen, stop }: { text: string; language: string; dir?: 'ltr' | 'rtl'; listen?: string; stop?: string }) {
  const [reading, setReading] = useState(false);
  const voice = pickVoice(useVoices(), language);
  useEffect(() => () => globalThis.speechSynthesis?.cancel(), [text, language]);
  if (!voice) return null;
  const toggle = () => {
    speechSynthesis.cancel();
    if (reading) return setReading(false);
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voice;
    said.lang = voice.lang;
    said.onend = said.onerror = () => setReading(false);
    setReading(true);
    speechSynthesis.speak(said);
  };
  return (
    <button class="link" type="button" aria-pressed={reading} lang={listen ? language : undefined} dir={dir} onClick={toggle}>
      <Icon name="listen" small />{reading ? stop ?? t('consent.stop') : listen ?? t('consent.listen')}
    </button>
  );
}
