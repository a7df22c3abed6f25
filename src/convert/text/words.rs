//! The lists of words, in one place: generic vocabulary of web pages and picture credits in some thirty languages.
//!
//! Entries are folded as lines are: lower case, letters and digits only, one space between words. Each list is sorted
//! by code point, without repeats; a test holds that. No entry names a publication or comes from one page only. An
//! entry matches whole words; where a script writes no spaces between words it matches anywhere in the line.

/// A list of words that knows quickly of most words that they begin no entry.
pub(super) struct List {
    entries: &'static [&'static str],
    /// A bit for each value of [`mixed`] that the first word of an entry has.
    firsts: [u64; 64],
}

impl List {
    #[allow(
        clippy::indexing_slicing,
        reason = "the place is below 64: see `mixed`"
    )]
    const fn new(entries: &'static [&'static str]) -> Self {
        let mut firsts = [0; 64];
        let mut rest = entries;
        while let [entry, others @ ..] = rest {
            let (place, bit) = mixed(entry.as_bytes());
            firsts[place] |= bit;
            rest = others;
        }
        Self { entries, firsts }
    }

    /// The entries, in order.
    pub(super) const fn entries(&self) -> &'static [&'static str] {
        self.entries
    }

    /// The longest entry that a text begins with, as whole words.
    pub(super) fn longest(&self, text: &str) -> Option<&'static str> {
        if !self.may_begin(text) {
            return None;
        }
        let begins = |entry: &str| {
            let rest = text.strip_prefix(entry);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        // What a text begins with is not greater than it, and of such entries the longest is the greatest.
        let first = text.split(' ').next().unwrap_or_default();
        let behind = self.entries.partition_point(|entry| *entry <= text);
        let entries = self.entries.get(..behind)?.iter().rev().copied();
        let mut same = entries.take_while(|entry| entry.starts_with(first));
        same.find(|entry| begins(entry))
    }

    /// Whether the first word of `text` may be that of an entry.
    fn may_begin(&self, text: &str) -> bool {
        let (place, bit) = mixed(text.as_bytes());
        self.firsts.get(place).is_some_and(|bits| bits & bit != 0)
    }
}

/// The first word of a text as one of 4096 values: a place among 64 numbers, and a bit of it.
#[allow(
    clippy::as_conversions,
    reason = "a constant function has no other conversions"
)]
const fn mixed(text: &[u8]) -> (usize, u64) {
    let mut hash: u32 = 0;
    let mut rest = text;
    while let [byte, others @ ..] = rest {
        if *byte == b' ' {
            break;
        }
        hash = (hash ^ *byte as u32).wrapping_mul(0x0100_0193);
        rest = others;
    }
    let hash = hash ^ (hash >> 15);
    ((hash & 63) as usize, 1 << ((hash >> 6) & 63))
}

/// Headings that open a list of other articles, and the labels put before a link to one.
/// A line that begins with one of these is such a heading; what follows it is other matter.
#[rustfmt::skip]
pub(super) static OPENERS: List = List::new(&[
    "además", "also read", "approfondimenti", "articles liés", "articoli correlati",
    "artikel terkait", "auch interessant", "ayrıca okuyun", "baca juga", "basahin din",
    "bekijk ook", "berita terkait", "bunları da okuyun", "citeşte şi", "citește și",
    "czytaj także", "czytaj też", "czytaj więcej", "das könnte sie auch interessieren",
    "das könnte sie interessieren", "dernière minute", "diğer haberler", "don t miss",
    "editors picks", "en çok okunanlar", "ez is érdekelheti", "habari zinazohusiana",
    "i più letti", "ilgili haberler", "ilginizi çekebilir", "kapcsolódó", "keep reading",
    "lasi arī", "latest articles", "latest news", "latest on", "latest posts", "latest stories",
    "le puede interesar", "lea también", "lee también", "leer más", "leer también", "lees meer",
    "lees ook", "lees ook hierdie", "leggi anche", "leggi di più", "leia ainda", "leia mais",
    "leia também", "les mer", "les også", "les plus lus", "lesen sie auch", "lesen sie mehr",
    "lesetipp", "lire aussi", "lire la suite", "lire également", "lo más leído", "lo más visto",
    "loe ka", "loe veel", "lue lisää", "lue myös", "luetuimmat", "läs mer", "läs också",
    "läs även", "læs mere", "læs også", "mais lidas", "meer over", "meest gelezen",
    "mehr zum thema", "meistgelesen", "mest lest", "mest läst", "mest læste",
    "mohlo by vás zajímat", "more from", "more news", "more on this", "more stories",
    "most popular", "most read", "most viewed", "más información", "más leídas", "más noticias",
    "najczęściej czytane", "nejčtenější", "noticias relacionadas", "notizie correlate",
    "notícias relacionadas", "olvassa el", "passend dazu", "più letti", "plus d articles",
    "polecamy", "popular", "popular articles", "potrebbe interessarti", "powiązane",
    "preberite še", "prečítajte si aj", "pročitajte i", "pročitajte još", "przeczytaj także",
    "přečtěte si", "raccomandati per te", "read also", "read more", "read next", "recommended",
    "recommended for you", "recommended stories", "recommended video", "related",
    "related article", "related articles", "related content", "related news", "related posts",
    "related stories", "related topics", "saiba mais", "see also", "skaitomiausi",
    "skaitykite taip pat", "soma pia", "soma zaidi", "související", "sponsored content",
    "sponsored stories", "sur le même sujet", "sur le même thème", "susiję straipsniai",
    "taip pat skaitykite", "también te puede interesar", "te puede interesar", "terpopuler",
    "ti potrebbe interessare", "tin liên quan", "top stories", "trending", "trending now",
    "trending stories", "up next", "veja também", "ver también", "vezi și", "voir aussi",
    "weitere artikel", "weitere meldungen", "what to read next", "xem thêm", "you may also like",
    "you might also like", "zie ook", "zobacz również", "zobacz także", "zobacz też", "zum thema",
    "à découvrir", "à lire aussi", "à lire également", "à voir aussi", "ähnliche artikel",
    "önerilen haberler", "čtěte také", "čítajte tiež", "đọc thêm", "δημοφιλή", "διαβάστε ακόμη",
    "διαβάστε επίσης", "σχετικά άρθρα", "більше новин", "вижте още", "другие новости",
    "материалы по теме", "новости по теме", "по теме", "подписывайтесь на", "популярное",
    "прочетете още", "самое популярное", "самое читаемое", "смотрите также", "читайте по теме",
    "читайте также", "читайте також", "читати також", "כתבות נוספות", "עוד בנושא", "קראו גם",
    "أخبار ذات صلة", "اقرأ أيضا", "اقرأ المزيد", "الأكثر قراءة", "بیشتر بخوانید", "شاهد أيضا",
    "مزید پڑھیں", "مطالب مرتبط", "مواضيع ذات صلة", "आगे पढ ें", "इसे भी पढ ें", "और पढ ें",
    "यह भी पढ ें", "ये भी पढ ें", "संबंधित खबरें", "ข าวท เก ยวข อง", "อ านเพ มเต ม", "あわせて読みたい",
    "おすすめ記事", "こちらもおすすめ", "アクセスランキング", "延伸閱讀", "延伸阅读", "推荐阅读", "更多新聞", "热门新闻", "熱門新聞", "相关新闻",
    "相关阅读", "相關新聞", "関連ニュース", "関連リンク", "関連記事", "관련 기사", "관련기사", "관련뉴스", "많이 본 기사", "많이 본 뉴스",
    "인기기사", "추천 기사",
]);

/// Controls, labels and menu entries of web pages. They make a short line no part of an article.
#[rustfmt::skip]
pub(super) static INTERFACE: List = List::new(&[
    "abbonati", "abo", "abone ol", "abonează te", "abonnement", "abonner", "abonneren",
    "abonnez vous", "abonnieren", "about us", "accedi", "accueil", "actualizado", "advertentie",
    "advertise", "advertisement", "advertising", "afdrukken", "agb", "aggiornato alle",
    "aktualisiert", "all rights reserved", "anmelden", "annonce", "annoncer", "annonse",
    "anzeige", "article réservé aux abonnés", "artikel teilen", "assine", "atualizado em",
    "autentificare", "author of the article", "aviso legal", "back to top", "bagikan",
    "bejelentkezés", "berlangganan", "bijgewerkt", "bluesky", "buscar", "buy now", "bình luận",
    "cadastre se", "cancel", "canlı izle", "careers", "cerca", "chia sẻ", "click here",
    "click to", "close", "comentar", "comentarii", "comentarios", "comentários", "comment",
    "commenta", "commentaires", "commenter", "commenti", "comments", "comparte", "compartilhar",
    "compartilhe", "compartir", "condividi", "connexion", "contact us", "continue reading",
    "cookie", "cookie settings", "cookies", "copia link", "copiar enlace", "copiar link",
    "copier le lien", "copy link", "copyright", "daftar", "dalies", "dalinkitės", "dalintis",
    "datenschutz", "deel", "del", "del artikel", "del på", "dela", "delen", "diskuze",
    "distribuie", "download", "drucken", "edition", "einloggen", "email", "end of article",
    "entrar", "enviar", "envoyer", "etiquetas", "facebook", "faq", "feliratkozás", "flipboard",
    "follow", "follow us", "follow us on", "gepubliceerd", "get the app", "giriş yap",
    "gizlilik politikası", "google news", "guardar", "güncelleme", "help", "hirdetés",
    "hozzászólások", "identifiez vous", "iklan", "image source", "impressum", "imprimer",
    "imprimir", "informativa sulla privacy", "inicia sesión", "iniciar sesión", "inicio",
    "inloggen", "instagram", "invia", "inzerce", "jaa", "jaga", "je m abonne",
    "join our newsletter", "join the conversation", "julkaistu", "kirjaudu", "komentar",
    "komentarai", "komentari", "komentarze", "kommentare", "kommentarer", "kommentieren",
    "kontakt", "kopyala", "kopēt saiti", "künye", "langganan", "lascia un commento",
    "last modified", "last updated", "leave a comment", "leggi i commenti", "lien copié",
    "link kopieren", "linkedin", "listen", "load more", "log in", "log ind", "log out",
    "logg inn", "logga in", "login", "main content", "mainos", "mastodon", "masuk", "megosztás",
    "mehr anzeigen", "mentions légales", "menu", "merken", "messenger", "min lesezeit",
    "min read", "minute read", "minutes read", "minuti di lettura", "mis à jour", "mon compte",
    "most recent", "mostrar comentarios", "my account", "nach oben", "newsletter", "newsletters",
    "next", "offentliggjort", "oglas", "opdateret", "oppdatert", "partager",
    "partager cet article", "partager sur", "paylaş", "permissions", "pinterest", "play now",
    "podijeli", "politique de confidentialité", "politique des cookies", "política de cookies",
    "política de privacidad", "política de privacidade", "post", "prenumerera", "prenumeruok",
    "prenumeruoti", "previous", "prihlásiť", "prijava", "print", "print options", "prisijungti",
    "privacy", "privacy policy", "précédent", "pubblica un commento", "pubblicità", "publicado",
    "publicado em", "publicerad", "publicidad", "publicidade", "publicitate", "publicité",
    "publicités", "publisert", "published", "publié le", "předplatné", "přihlásit", "quelle",
    "quảng cáo", "reacties", "read in app", "reageer", "rechercher", "reddit", "register",
    "registrati", "registrieren", "regístrate", "reklam", "reklama", "reprints",
    "riproduzione riservata", "rss", "réagir", "réservé aux abonnés", "s abonner", "s inscrire",
    "salin tautan", "save", "saved", "scroll to continue", "sdílet", "se connecter", "search",
    "seguici", "senden", "share", "share this", "share this article", "share this story",
    "shares", "show all", "show more", "sign in", "sign out", "sign up", "site map", "sitemap",
    "skip to", "skip to content", "skomentuj", "son dakika", "stampa", "startseite",
    "story continues below", "submit", "subscribe", "subscribers", "suche", "suivant",
    "suivez nous", "suscribirse", "suscríbete", "síguenos", "tag", "tags", "takip et", "tangazo",
    "teilen", "telegram", "temps de lecture", "terms and conditions", "terms conditions",
    "terms of service", "terms of use", "text size", "threads", "threema", "tiktok", "tilaa",
    "todos os direitos reservados", "tous droits réservés", "tumblr", "tweet", "twitter",
    "twittern", "udgivet", "udostępnij", "updated", "uppdaterad", "vedi tutti i commenti",
    "ver más", "ver más artículos", "veröffentlicht", "viber", "view all", "view comments", "vk",
    "watch now", "wechat", "weibo", "weiterlesen", "werbung", "whatsapp", "xing", "yayınlanma",
    "yorum yap", "yorumlar", "youtube", "zaloguj", "zaloguj się", "zapisz się", "zdieľať",
    "zoeken", "üye ol", "đăng ký", "đăng nhập", "διαφήμιση", "εγγραφή", "κοινοποίηση", "σχόλια",
    "σύνδεση", "абонирай се", "войти", "все новости", "выйти из полноэкранного режима", "главная",
    "коментари", "коментарі", "комментарии", "комментировать", "печать", "поделиться",
    "подписаться", "подписывайтесь", "подпишитесь", "поділитися", "поиск", "підписатися",
    "развернуть на весь экран", "регистрация", "реклама", "скопировать ссылку", "сподели",
    "увійти", "הרשמה", "התחברות", "פרסומת", "שתפו", "תגובות", "إعلان", "اشتراک", "اشترك",
    "اشتہار", "تسجيل الدخول", "تعليقات", "دیدگاه", "شارك", "طباعة", "مشاركة", "نسخ الرابط",
    "ऐप डाउनलोड", "ऐप पर", "कॉपी लिंक", "टिप पणी", "डाउनलोड करें", "लॉगिन", "विज ञापन", "शेयर",
    "शेयर करें", "सब सक राइब", "साझा करें", "ความค ดเห น", "แชร", "โฆษณา", "コメント", "コメントする",
    "シェア", "シェアする", "ツイート", "ログイン", "会員登録", "分享", "印刷", "广告", "広告", "廣告", "打印", "有料会員", "無断転載",
    "版权所有", "版權所有", "留言", "登入", "登录", "訂閱", "評論", "订阅", "评论", "購読", "공유", "광고", "구독", "글자 크기",
    "기사 보기", "댓글", "로그인", "무단 전재", "무단전재", "선호 출처", "이미지 확대", "인쇄", "재배포 금지", "회원가입",
]);

/// Phrases of appeals, sign-up forms, pay walls, comment rules and legal notices.
/// They make a sentence no part of the article: one in a short sentence, two in a long one.
#[rustfmt::skip]
pub(super) static APPEALS: List = List::new(&[
    "abbonamento", "abbonati", "abone olun", "abonează te", "abonnee", "abonneer", "abonnement",
    "abonnent", "abonnenter", "abonnez vous", "abonnieren sie", "abonné", "abonnés", "accedi",
    "accepter les cookies", "aceptar cookies", "add as preferred", "additional reporting",
    "advertisement", "affiliate commission", "affiliate links", "all rights reserved",
    "alle rechte vorbehalten", "alle rechten voorbehouden", "alle rettigheder forbeholdes",
    "already a subscriber", "an account to continue", "anmelden", "apoya", "assinante",
    "assinantes", "assine", "become a member", "bereits abonnent", "berlangganan", "bildirim",
    "bitte aktivieren", "boletín", "bültenimize", "bản quyền", "cadastre se", "ce message",
    "cet article est réservé", "click here", "clique aqui", "comentarios son", "comment policy",
    "comments policy", "community guidelines", "compiled by", "contact the author", "contact us",
    "cookie", "cookies", "cookies zustimmen", "copied to clipboard", "copyright",
    "correo electrónico", "create an account", "datenschutzerklärung", "dear readers", "donate",
    "donation", "download the app", "draudžiama", "editing by", "email address", "faites un don",
    "folgen sie uns", "follow us", "follow us on social", "get the latest", "gizlilik politikası",
    "haberdar olun", "hak cipta", "haki zote", "has failed to load", "have an account", "help us",
    "hírlevél", "ihre e mail", "ihrer e mail", "ikuti kami", "in unserer app",
    "independent journalism", "informativa", "inicia sesión", "inscreva se", "inscrivez vous",
    "iratkozzon fel", "iscriviti", "javascript", "javascript aktivieren", "jetzt abonnieren",
    "jetzt testen", "join the conversation", "join the discussion", "kaikki oikeudet pidätetään",
    "kommentarfunktion", "log in", "logged in", "meld deg på", "meld je aan",
    "minden jog fenntartva", "mot de passe", "naujienlaiškį", "newsletter", "newsletter anmelden",
    "newsletter μας", "newslettera", "newsletters", "nieuwsbrief", "nyhedsbrev", "nyhedsbrevet",
    "nyhetsbrev", "odběr novinek", "on telegram", "on whatsapp", "originally published",
    "our app", "our whatsapp", "password", "please read", "politica de confidențialitate",
    "politique de confidentialité", "polityka prywatności", "política de privacidad",
    "política de privacidade", "prenumerant", "prenumerata", "prenumerera", "prenumeruokite",
    "privacy notice", "privacy policy", "privacybeleid", "privacyverklaring",
    "promotional offers", "push notifications", "předplatitele", "předplatné",
    "read more comments", "read our", "recevez", "registrati", "regístrate", "reporting by",
    "rights reserved", "riproduzione riservata", "s abonner", "s inscrire", "schrijf je in",
    "seguici", "service commercial", "seu e mail", "siga nos", "sign in", "sign up",
    "sign up for", "signing up", "sostieni", "soutenez", "spenden sie", "start reading",
    "stay up to date", "subscribe", "subscribe to", "subscribers", "subscription", "suivez nous",
    "support our", "support us", "supporting us", "suscribirse", "suscripción", "suscriptores",
    "suscríbete", "sva prava pridržana", "síguenos", "takip edin", "termos de uso",
    "terms and conditions", "terms of service", "terms of use", "this article is", "this site",
    "tilaa uutiskirje", "tilaajille", "tilmeld dig", "toate drepturile rezervate",
    "todos los derechos reservados", "todos os direitos reservados", "tous droits réservés",
    "translated by", "try refreshing", "tu correo", "tutti i diritti riservati", "twój e mail",
    "términos y condiciones", "tüm hakları saklıdır", "unterstützen sie", "uw e mail",
    "uygulamasını indirin", "visos teisės saugomos", "votre abonnement", "votre adresse",
    "votre compte", "vous connecter", "všechna práva vyhrazena", "we need your help",
    "welcome email", "writing by", "wszelkie prawa zastrzeżone", "your browser", "your email",
    "your inbox", "your mailbox", "your settings", "your support", "zaloguj się", "zapisz się",
    "zum newsletter", "zum weiterlesen", "đăng ký nhận", "ακολουθήστε", "εγγραφείτε",
    "με επιφύλαξη παντός δικαιώματος", "в telegram", "все права защищены",
    "всички права запазени", "иноагент", "иностранного агента", "наш канал", "наш телеграм",
    "поддержите", "подписка", "подписывайтесь", "подпишитесь", "политика конфиденциальности",
    "підписуйтесь", "підпишіться", "рассылка", "рассылку", "усі права захищені", "הירשמו",
    "כל הזכויות שמורות", "اشترك في", "النشرة البريدية", "تابعونا", "جميع الحقوق محفوظة",
    "حقوق النشر", "سياسة الخصوصية", "کلیه حقوق", "کلیہ حقوق", "ऐप डाउनलोड", "ऐप पर", "क लिक करें",
    "डाउनलोड करें", "पूरी खबर", "पूरी खबर पढ ें", "फॉलो करें", "मेंबरशिप", "लॉगिन करें",
    "व हाट सएप", "सब सक राइब करें", "सर वाधिकार सुरक षित", "สงวนล ขส ทธ", "この記事は有料", "プライバシーポリシー",
    "ログインして", "会員限定", "全ての権利", "利用規約", "扫码", "未经授权", "無断転載", "版权所有", "版權所有", "登録して", "訂閱", "請登入",
    "订阅", "購読する", "隐私政策", "隱私權", "구독하기", "뉴스레터", "로그인", "무단 전재", "무단전재", "앱 다운로드", "재배포 금지",
    "저작권자",
]);

/// Words of picture credits: what they are called, and the picture agencies whose names stand in them.
#[rustfmt::skip]
pub(super) static CREDITS: List = List::new(&[
    "aa", "abaca", "afp", "afp via", "alamy", "anadolu", "ani", "anp", "ansa", "ap", "ap photo",
    "apa", "archivbild", "archivfoto", "archivo", "arkivfoto", "associated press", "beeld",
    "belga", "bloomberg", "captura", "capture d écran", "cna", "cortesía", "courtesy",
    "courtesy of", "credit", "credits", "crédit", "crédit photo", "crédits", "ctk", "ddp",
    "divulgação", "dpa", "efe", "epa", "epa efe", "eyevine", "file photo", "flickr", "fot",
    "foto", "fotograf", "fotografia", "fotografía", "fotos", "fotoğraf", "fotó", "getty",
    "getty images", "gettyimages", "grafik", "handout", "hans lucas", "iliustracija",
    "illustration", "illustration by", "image", "imagem", "imagen", "images", "imago", "immagine",
    "imágenes", "istock", "jiji", "kuva", "kyodo", "lapresse", "lehtikuva", "lusa", "mega", "mti",
    "ntb", "nuotr", "nuotrauka", "nurphoto", "pap", "per gentile concessione", "pexels", "photo",
    "photo by", "photo d illustration", "photo illustration", "photograph", "photographer",
    "photographie", "photos", "photos by", "picha", "picture", "picture alliance", "pixabay",
    "pti", "reprodução", "reuters", "ria", "ritzau", "scanpix", "screenshot", "shutterstock",
    "sipa", "sputnik", "supplied", "symbolbild", "symbolfoto", "tass", "tt", "unsplash", "upi",
    "via", "wikimedia", "wikimedia commons", "wikipedia", "wireimage", "xinhua", "yonhap", "zuma",
    "zuma press", "zumapress", "čtk", "φωτογραφία", "архив", "изображение", "скриншот", "снимка",
    "фото", "צילום", "تصوير", "صورة", "عکس", "तस वीर", "प रतीकात मक", "फोटो", "ภาพ", "ảnh", "中央社",
    "中新社", "共同通信", "写真", "图源", "图片", "圖片", "摄影", "撮影", "攝影", "新华社", "新華社", "照片", "画像", "翻攝",
    "게티이미지", "뉴스1", "뉴시스", "사진", "연합뉴스", "제공",
]);

/// Words that name the source of a chart or its data.
#[rustfmt::skip]
pub(super) static SOURCES: List = List::new(&[
    "bildquelle", "bron", "fonte", "forrás", "fuente", "izvor", "kaynak", "kilde", "nguồn",
    "quelle", "source", "sources", "sursa", "zdroj", "πηγή", "джерело", "источник", "المصدر",
    "出典", "数据来源", "資料", "資料來源", "자료",
]);

/// Phrases that point into a picture.
#[rustfmt::skip]
pub(super) static CAPTIONS: List = List::new(&[
    "archieffoto", "archivbild", "archivfoto", "are pictured", "arkivbilde", "arkivfoto", "arşiv",
    "asociatyvi", "asociatyvi nuotr", "auf dem foto", "auf diesem bild", "bottom left",
    "bottom right", "das bild zeigt", "das foto zeigt", "en la foto", "en la imagen",
    "en una imagen", "file photo", "foto d archivio", "foto de archivo", "foto de arquivo",
    "fotoğrafta", "ilustrasi", "ilustrační", "ilustrační foto", "im bild", "image d illustration",
    "imagen de archivo", "in this file photo", "in this handout", "in this image",
    "in this photo", "in this picture", "in this undated photo", "is pictured", "links op",
    "mandatory credit", "na foto", "na zdjęciu", "nella foto", "no archives", "no resales",
    "op de foto", "photo d archives", "photo d illustration", "pictured above", "pictured here",
    "poses for a photo", "poses for a picture", "second from left", "second from right",
    "second left", "second right", "seen here", "shown here", "supplied by a third party",
    "symbolbild", "symbolfoto", "third from left", "third from right", "third left",
    "third right", "this picture taken", "top left", "top right", "v l", "v l n r", "von links",
    "zdjęcie ilustracyjne", "архивное фото", "иллюстрация", "на фото", "на фотографии", "جانب من",
    "صورة أرشيفية", "प रतीकात मक तस वीर", "फाइल फोटो", "ảnh minh họa", "イメージ写真", "写真は", "示意圖",
    "資料写真", "資料照", "资料图", "资料照片", "오른쪽부터", "왼쪽부터", "자료사진",
]);

/// Words a line begins with that names its writer.
#[rustfmt::skip]
pub(super) static BYLINES: List = List::new(&[
    "af", "author", "autor", "autorin", "autorius", "av", "by", "de", "di", "door", "haber",
    "kirjoittanut", "muhabir", "na", "oleh", "par", "por", "reported by", "reporter",
    "staff writer", "story by", "szerző", "tekst", "tekstas", "text", "tác giả", "von",
    "written by", "από", "του", "автор", "автори", "بقلم", "كتب", "लेखक",
]);
