//! How often the encoding of an old file is guessed right: one made file for each language and
//! encoding that its files are seen in, with and without being told the language.
//!
//! Vietnamese is not in it: the encoder does not compose windows-1258's letters.
//!
//! `cargo test -p matinee-subtitles --test encodings -- --nocapture` prints the table.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_7, KOI8_R, SHIFT_JIS, WINDOWS_874,
    WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256, WINDOWS_1257,
};
use subtitles::{Hint, Language, read};

/// Language, encodings, and what is said; each line is one cue.
const TEXTS: &[(&str, &[&Encoding], &str)] = &[
    (
        "cs",
        &[WINDOWS_1250, ISO_8859_2],
        "Kde jsi byl celou noc?\n\
         Čekala jsem na tebe až do rána.\n\
         Promiň, ztratil jsem klíče.\n\
         Příště mi aspoň zavolej.\n\
         Žádný problém, už se to nestane.\n\
         Pojď, něco sníme, mám hrozný hlad.",
    ),
    (
        "pl",
        &[WINDOWS_1250, ISO_8859_2],
        "Gdzie byłeś całą noc?\n\
         Czekałam na ciebie aż do rana.\n\
         Przepraszam, zgubiłem klucze.\n\
         Następnym razem zadzwoń.\n\
         Proszę cię, usiądź i zjedz coś.\n\
         Nie mogę, muszę już iść. Dziękuję!",
    ),
    (
        "hu",
        &[WINDOWS_1250, ISO_8859_2],
        "Hol voltál egész éjjel?\n\
         Reggelig vártam rád.\n\
         Sajnálom, elvesztettem a kulcsokat.\n\
         Legközelebb legalább hívj fel.\n\
         Jöjj, együnk valamit, éhes vagyok.\n\
         Köszönöm, de most már mennem kell. Őszintén!",
    ),
    (
        "hr",
        &[WINDOWS_1250],
        "Gdje si bio cijelu noć?\n\
         Čekala sam te do jutra.\n\
         Žao mi je, izgubio sam ključeve.\n\
         Sljedeći put me barem nazovi.\n\
         Dođi, pojest ćemo nešto.\n\
         Ne mogu, već moram ići. Što je to?",
    ),
    (
        "ro",
        &[WINDOWS_1250],
        "Unde ai fost toată noaptea?\n\
         Te-am aşteptat până dimineaţa.\n\
         Îmi pare rău, mi-am pierdut cheile.\n\
         Data viitoare sună-mă măcar.\n\
         Hai să mâncăm ceva, mi-e foame.\n\
         Nu pot, trebuie să plec. Îţi mulţumesc!",
    ),
    (
        "ru",
        &[WINDOWS_1251, KOI8_R],
        "Где ты был всю ночь?\n\
         Я ждала тебя до самого утра.\n\
         Прости, я потерял ключи.\n\
         В следующий раз хотя бы позвони.\n\
         Пойдём, поедим что-нибудь.\n\
         Не могу, мне уже пора идти. Спасибо!",
    ),
    (
        "uk",
        &[WINDOWS_1251],
        "Де ти був усю ніч?\n\
         Я чекала на тебе до самого ранку.\n\
         Вибач, я загубив ключі.\n\
         Наступного разу хоча б подзвони.\n\
         Ходімо, з'їмо щось, я дуже голодний.\n\
         Не можу, мені вже треба йти. Дякую!",
    ),
    (
        "bg",
        &[WINDOWS_1251],
        "Къде беше цяла нощ?\n\
         Чаках те чак до сутринта.\n\
         Съжалявам, загубих си ключовете.\n\
         Следващия път поне се обади.\n\
         Хайде да хапнем нещо, гладен съм.\n\
         Не мога, трябва да тръгвам. Благодаря!",
    ),
    (
        "sr",
        &[WINDOWS_1251],
        "Где си био целу ноћ?\n\
         Чекала сам те све до јутра.\n\
         Жао ми је, изгубио сам кључеве.\n\
         Следећи пут ме бар позови.\n\
         Хајде да нешто поједемо.\n\
         Не могу, морам већ да идем. Хвала ти!",
    ),
    (
        "fr",
        &[WINDOWS_1252],
        "Où étais-tu toute la nuit ?\n\
         Je t'ai attendu jusqu'au matin.\n\
         Désolé, j'ai perdu mes clés.\n\
         La prochaine fois, appelle-moi au moins.\n\
         Ça ira. Viens, on va manger quelque chose.\n\
         Je dois déjà m'en aller, très chère. À bientôt !",
    ),
    (
        "de",
        &[WINDOWS_1252],
        "Wo warst du die ganze Nacht?\n\
         Ich habe bis zum Morgen auf dich gewartet.\n\
         Entschuldige, ich habe die Schlüssel verloren.\n\
         Ruf mich nächstes Mal wenigstens an.\n\
         Komm, wir essen etwas, ich hab großen Hunger.\n\
         Ich muss schon gehen. Schöne Grüße!",
    ),
    (
        "es",
        &[WINDOWS_1252],
        "¿Dónde estuviste toda la noche?\n\
         Te esperé hasta la mañana.\n\
         Lo siento, perdí las llaves.\n\
         La próxima vez llámame al menos.\n\
         ¡Ven, comamos algo! Tengo hambre.\n\
         No puedo, ya tengo que irme. ¿Está bien, señor?",
    ),
    (
        "pt",
        &[WINDOWS_1252],
        "Onde você esteve a noite toda?\n\
         Eu te esperei até de manhã.\n\
         Desculpe, não achei as chaves.\n\
         Da próxima vez, pelo menos ligue.\n\
         Vem, vamos comer alguma coisa, então.\n\
         Não posso, já é tarde. Até amanhã, irmão!",
    ),
    (
        "sv",
        &[WINDOWS_1252],
        "Var har du varit hela natten?\n\
         Jag väntade på dig ända till morgonen.\n\
         Förlåt, jag tappade nycklarna.\n\
         Nästa gång får du åtminstone ringa.\n\
         Kom, så äter vi något, jag är hungrig.\n\
         Jag måste gå nu. Hälsa så mycket!",
    ),
    (
        "el",
        &[WINDOWS_1253, ISO_8859_7],
        "Πού ήσουν όλη νύχτα;\n\
         Σε περίμενα μέχρι το πρωί.\n\
         Συγγνώμη, έχασα τα κλειδιά μου.\n\
         Την επόμενη φορά πάρε με τηλέφωνο.\n\
         Έλα να φάμε κάτι, πεινάω πολύ.\n\
         Δεν μπορώ, πρέπει να φύγω. Ευχαριστώ!",
    ),
    (
        "tr",
        &[WINDOWS_1254],
        "Bütün gece neredeydin?\n\
         Sabaha kadar seni bekledim.\n\
         Özür dilerim, anahtarlarımı kaybettim.\n\
         Bir dahaki sefere en azından ara.\n\
         Hadi bir şeyler yiyelim, çok açım.\n\
         Yapamam, artık gitmeliyim. Teşekkür ederim, güle güle!",
    ),
    (
        "he",
        &[WINDOWS_1255],
        "איפה היית כל הלילה?\n\
         חיכיתי לך עד הבוקר.\n\
         אני מצטער, איבדתי את המפתחות.\n\
         בפעם הבאה לפחות תתקשר אליי.\n\
         בוא נאכל משהו, אני רעב.\n\
         אני לא יכול, אני כבר חייב ללכת. תודה!",
    ),
    (
        "ar",
        &[WINDOWS_1256],
        "أين كنت طوال الليل؟\n\
         انتظرتك حتى الصباح.\n\
         أنا آسف، لقد فقدت المفاتيح.\n\
         في المرة القادمة اتصل بي على الأقل.\n\
         تعال لنأكل شيئا، أنا جائع جدا.\n\
         لا أستطيع، يجب أن أذهب الآن. شكرا لك!",
    ),
    (
        "fa",
        &[WINDOWS_1256],
        "تمام شب کجا بودي؟\n\
         تا صبح منتظرت بودم.\n\
         ببخشيد، کليدهايم را گم کردم.\n\
         دفعه بعد حداقل به من زنگ بزن.\n\
         بيا چيزي بخوريم، خيلي گرسنه ام.\n\
         نمي توانم، بايد بروم. خيلي ممنون!",
    ),
    (
        "lt",
        &[WINDOWS_1257],
        "Kur buvai visą naktį?\n\
         Laukiau tavęs iki pat ryto.\n\
         Atsiprašau, pamečiau raktus.\n\
         Kitą kartą bent paskambink man.\n\
         Eime, ką nors suvalgysime, esu išalkęs.\n\
         Negaliu, jau turiu eiti. Ačiū tau už viską!",
    ),
    (
        "lv",
        &[WINDOWS_1257],
        "Kur tu biji visu nakti?\n\
         Es tevi gaidīju līdz pašam rītam.\n\
         Piedod, es pazaudēju atslēgas.\n\
         Nākamreiz vismaz piezvani man.\n\
         Nāc, kaut ko apēdīsim, esmu izsalcis.\n\
         Es nevaru, man jau jāiet. Paldies, mīļā!",
    ),
    (
        "et",
        &[WINDOWS_1257],
        "Kus sa terve öö olid?\n\
         Ma ootasin sind hommikuni välja.\n\
         Vabandust, ma kaotasin võtmed ära.\n\
         Järgmine kord vähemalt helista mulle.\n\
         Tule, sööme midagi, mul on kõht tühi.\n\
         Ma ei saa, pean juba minema. Aitäh, head ööd!",
    ),
    (
        "th",
        &[WINDOWS_874],
        "คุณหายไปไหนมาทั้งคืน\n\
         ฉันรอคุณจนถึงเช้า\n\
         ขอโทษ ผมทำกุญแจหาย\n\
         คราวหน้าอย่างน้อยก็โทรมา\n\
         มากินอะไรกันเถอะ ผมหิวมาก\n\
         ไม่ได้ ฉันต้องไปแล้ว ขอบคุณ",
    ),
    (
        "zh-Hans",
        &[GBK],
        "你整晚去哪儿了？\n我一直等你到天亮。\n对不起，我把钥匙弄丢了。\n下次至少给我打个电话。\n来吧，我们吃点东西，我饿了。\n不行，我得走了。谢谢你！",
    ),
    (
        "zh-Hant",
        &[BIG5],
        "你整晚去哪兒了？\n我一直等你到天亮。\n對不起，我把鑰匙弄丟了。\n下次至少給我打個電話。\n來吧，我們吃點東西，我餓了。\n不行，我得走了。謝謝你！",
    ),
    (
        "ja",
        &[SHIFT_JIS, EUC_JP],
        "一晩中どこにいたの？\n\
         朝までずっと待っていたのよ。\n\
         ごめん、鍵をなくしたんだ。\n\
         今度はせめて電話してね。\n\
         さあ、何か食べよう。お腹が空いた。\n\
         だめだ、もう行かないと。ありがとう！",
    ),
    (
        "ko",
        &[EUC_KR],
        "밤새 어디 있었어?\n\
         아침까지 너를 기다렸어.\n\
         미안해, 열쇠를 잃어버렸어.\n\
         다음에는 적어도 전화라도 해.\n\
         자, 뭐 좀 먹자. 배가 고파.\n\
         안 돼, 이제 가야 해. 고마워!",
    ),
];

/// The rates that are asked for, without and with the language, in percent: those measured, less
/// what a newer detector may trade.
const RIGHT_PERCENT_MIN: [usize; 2] = [96, 96];

fn srt(lines: &str) -> String {
    let mut file = String::new();
    for (nth, line) in lines.lines().enumerate() {
        let number = nth + 1;
        write!(
            file,
            "{number}\r\n00:00:{nth:02},000 --> 00:00:{number:02},000\r\n{line}\r\n\r\n"
        )
        .unwrap();
    }
    file
}

/// What is read from the file, and the encoding it was taken for.
fn told(bytes: &[u8], language: Option<&Language>) -> (String, &'static str) {
    let hint = Hint {
        name: "film.srt",
        language,
        ..Hint::default()
    };
    let read = read(bytes, &hint).unwrap();
    let texts: Vec<&str> = read
        .cues
        .as_slice()
        .iter()
        .map(|cue| cue.text.as_str())
        .collect();
    (texts.join("\n"), read.encoding)
}

#[test]
fn old_encodings_are_guessed() {
    let (mut right, mut all) = ([0, 0], 0);
    println!("language  encoding      alone           told the language");
    for (tag, encodings, lines) in TEXTS {
        let language = Language::read(tag).unwrap();
        for encoding in *encodings {
            let file = srt(lines);
            let (bytes, _, lost) = encoding.encode(&file);
            assert!(
                !lost,
                "{tag}: the text has letters that {} has not",
                encoding.name()
            );
            let guesses = [None, Some(&language)].map(|hint| told(&bytes, hint));
            print!("{tag:<9} {:<13}", encoding.name());
            for (right, (text, guess)) in right.iter_mut().zip(guesses) {
                let same = text == *lines;
                *right += usize::from(same);
                print!(" {:<15}", if same { "right" } else { guess });
            }
            println!();
            all += 1;
        }
    }
    println!("right: {} and {} of {all}", right[0], right[1]);
    for (right, least) in right.into_iter().zip(RIGHT_PERCENT_MIN) {
        assert!(right * 100 >= all * least, "{right} of {all}");
    }
}

#[test]
fn utf_16_needs_no_mark_in_any_language() {
    for (tag, _, lines) in TEXTS {
        let file = srt(lines);
        for (name, swapped) in [("UTF-16LE", false), ("UTF-16BE", true)] {
            let units = file.encode_utf16();
            let bytes = units.flat_map(|unit| {
                if swapped {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            });
            let bytes: Vec<u8> = bytes.collect();
            assert_eq!(told(&bytes, None), ((*lines).to_owned(), name), "{tag}");
        }
    }
}
