"""The words of page furniture, as patterns that `furniture` compiles. Data only.

A section names a rule, where its matches may be cut (see `furniture.Where`), and possibly a topic: where the article's own prose
uses that word, the rule is not trusted amid the article. Below stand patterns, one a line, each for a whole paragraph; a line that
begins with spaces goes on from the line above. Patterns see lower case, straight apostrophes and single spaces, and no bullets or
final stop; groups never capture; `<name>` stands for the pattern of that name at the top. No site is named here, and none should be.
A repeated group of which one text can be two or more repeats ("about us": one section or two) must be atomic, `(?>…)`: matching
would take time that doubles with each repeat.
"""

OPEN_WORDS = ("newsletter", "your inbox", "your in-box", "your e", "rights reserved", "comment", "please consider")
"""A pattern that begins with a wildcard is tried only on a paragraph with one of these words in it, since it is slow."""

PATTERNS = r"""
<platform> = facebook|twitter|x|whatsapp|linkedin|telegram|reddit|pinterest|e-?mail|messenger|instagram|threads|bluesky|youtube|tiktok
    |flipboard|tumblr|viber|rss|print|copy( link| url)?|social media|google news|mastodon|snapchat|vk
<section> = home|news|world|politics|business|sports?|opinion|culture|arts?|tech(nology)?|entertainment|lifestyle|health|science|travel
    |weather|economy|markets?|video|photos?|podcasts?|africa|europe|asia|us|uk|local|national|international|search|menu|log ?in|sign ?in
    |subscribe|contact( us)?|about( us)?|advertise( with us)?|careers|jobs|help|faq|sitemap|archive|newsletters?|donate|shop|latest|live
<legal> = privacy( policy| notice| statement)?|terms( (of (use|service|sale)|and conditions|& conditions))?
    |cookies? (policy|settings|notice)|contact( us)?|about( us)?|advertise( with us)?|accessibility( statement)?|sitemap
    |careers|imprint|legal notice|disclaimer
    |do not sell (or share )?my (personal )?(information|data)|manage (consent|cookies|preferences)|(ethics|corrections|editorial) policy
<kind> = posts?|stories|story|articles?|news|content|coverage|links|reads|videos?|items

[share-prompt | anywhere]
share (this|post|article|story|via|on)(?>:? (this|post|article|story|page|news|link|via|on|with|to|<platform>|your friends|and
    |friends)\b|,)*:?
(print|e-?mail|save|bookmark|copy|tweet|like|rate) this (post|article|story|page|link)
copy (link|url)|link copied|copied to clipboard|click to (share|print|e-?mail|tweet)\b.{0,80}|like this:|like loading\W*

[share-prompt | edge]
(<platform>)([\s,/|·•&+]+(and |or )?(<platform>)){2,}

[share-prompt | company]
share:?|save|print|tweet|bookmark|like this|e-?mail this|([\d.,]+k? ?)?(shares|views|likes|reads)|[\d.,]+k? ?(share|like|comments?)

[social-links | company]
<platform>|follow|followers|fans|socials?

[subscribe-prompt | anywhere | subscri]
subscribe (now|today|here|for free|to (our|us|get|continue|read|unlock|receive|keep))\b.{0,200}

[subscribe-prompt | edge | subscri]
subscribe (to|for) (our|my|the .{0,30}\b(channel|podcast|newsletter|magazine|feed|print)|\w+\.\w+)\b.{0,120}
subscribe to \S+ (now|today|here)\b.{0,100}
subscribe to \S[^.:]{1,60}[:–—] .{0,120}
(become|join (us )?as) an? (\w+ )?(member|subscriber|supporter|patron)( (of|to|and|for|today|now|from)\b.{0,120})?

[subscribe-prompt | edge | journalism]
(please )?(support|donate to|help (us )?fund) (our|us|independent|quality|local)\b.{0,200}
thank you for (supporting|subscribing to|reading) (our|us|this|independent)\b.{0,200}
.{0,120}\bplease consider (donating|subscribing|supporting|becoming an?|making an? (\w+ )?(donation|contribution))\b.{0,200}

[subscribe-prompt | company]
subscribe|subscribe now|donate( now| today)?|subscriptions?|join (us|now)

[paywall | anywhere | subscri]
(this (article|content|story|post) is|exclusive content) (only )?(for |available (only )?(to |for )|reserved for |exclusive to |free for )
    (our )?(paid |paying |premium |registered )?(subscribers|members|readers)\b.{0,100}
(already|not yet) (a|an|have an?) (paid )?(subscriber|member|account)\b.{0,80}
you('ve| have) (reached|used|read) (your|all|the|\d+)\b.{0,60}\b(free|monthly|limit)\b.{0,60}\barticles?\b.{0,100}
you('ve| have) (reached|used) your .{0,60}\barticles?( limit)?\b.{0,100}

[paywall | anywhere]
(log ?in|sign ?in|register|create (an?|your|a free) (free )?account) (now |here |for free )?to (continue
    |keep|unlock|read|view) (reading|this|the full|full|more)\b.{0,100}

[newsletter-prompt | anywhere | newsletter]
(please )?(sign[- ]?up|subscribe|register|opt in)\b.{0,60}\b(our|its|this|free)\b.{0,60}\b(newsletters?|mailing list|e-?mails?|alerts
    |digest|briefing|updates|channel|podcast|feed)\b.{0,250}
(sign[- ]?up|subscribe)\b.{0,100}\b(newsletters?|briefing|digest)\b.{0,100}\b(inbox|every (day|week|morning|evening|\w+day)|here|today
    |now|free)\b.{0,120}
(get|receive|have|want|enjoy|join|stay|keep|never miss|don't miss)\b(?=.*\b(sign|signed|subscribe|our|free|inbox|delivered)\b).{0,160}
    \b(newsletters?|mailing list)\b.{0,200}
(get|receive|have)\b.{0,160}\b(sent|delivered|straight|right|direct(ly)?) ((in|to|into) )?your (in-?box|phone|e-?mail)\b.{0,200}
(?=.{0,140}\b(sign[- ]?up|subscribe)\b)(?=.*\b(our|free)\b.{0,40}\bnewsletters?\b)(?!.*\b((is|was) an?|covers?|reporter|editor)\b)
    .{0,240}
(?!.*\b((is|was) an?|covers?|reporter|editor)\b).{0,160}\b(delivered|sent|straight|right) ((straight|right|direct|directly) )?(in
    |to|into) your (in-?box|e-?mail)\b.{0,80}
newsletters?\s*:\s*(sign|get|subscribe|join)\b.{0,120}
newsletter sign[- ]?up
(enter |type )?your e-?mail( address)?( here)?\W*(sign up|subscribe|submit)?
by (signing up|subscribing|submitting|clicking)\b.{0,40}\byou (agree|accept|consent|confirm|will)\b.{0,260}
you can unsubscribe (at )?any ?time.{0,60}
(we (don't|do not|won't|will never|never) spam|no spam)\b.{0,80}

[newsletter-prompt | edge | newsletter]
(thanks?|thank you) for (signing up|subscribing|joining)\b.{0,80}
check your (inbox|e-?mail)\b.{0,100}
join (\d[\d,.k+]* )?(other )?(subscribers|readers)\b.{0,100}

[newsletter-prompt | company]
newsletters?|sign up|sign up (now|here|today)|submit|unsubscribe|e-?mail address

[comment-form | anywhere]
(leave|post|write|add|submit) (a|your) (reply|comment|response)( (below|here|cancel reply|to .{0,80}))?
cancel reply|(post|submit) comment
please enter your (comment|name|e-?mail|website)\b.{0,40}
your (e-?mail|e-?mail address|name) (will|won't) (not )?be (published|shared)\b.{0,100}
required fields are marked.{0,10}|save my name,? e-?mail.{0,100}
notify me (of|when|by|via) .{0,40}\b(comments?|posts?|e-?mail)\b.{0,40}
you have entered an incorrect e-?mail address
(you must be |please )?(log(ged)? ?in|sign(ed)? ?in|register) to (post |leave |add |write )?(a )?(comment|reply)\b.{0,40}
comments? (are|is) (now )?(closed|disabled|off|turned off)( (on|for) this .{0,30})?
be the first to (comment|reply|like this)( on this \w+)?
(view|show|hide|load|read|see) (all |more )?(\d+ )?comments?( \(?\d+\)?)?
this site uses akismet.{0,120}|no comments( yet)?
\d+ (comments|responses|thoughts|replies) (on|to) ["“].{1,160}
.{0,120}\b(let us know|tell us|share your (thoughts?|views?|opinions?))\b.{0,30}\bcomments?( section)?( below)?
join the (conversation|discussion)( (below|in the comments).{0,60})?

[comment-form | company]
comments?:?( ?\(?\d+\)?)?|reply|name ?\*|e-?mail ?\*|website ?\*?|name:|e-?mail:|website:

[cookie-notice | anywhere | cookie]
(?=(this|our|the|we|by|cookies)\b)(?=.*\b(you|your|accept|agree|consent)\b)(
    (this|our|the) (web ?)?(site|page|service)s? (uses?|stores?|sets?) (\w+ ){0,4}cookies
    |we (and our (\d+ )?(\w+ )?partners )?(use|store|set|rely on)\b.{0,120}\bcookies
    |by (continuing|using|browsing|clicking|closing|visiting|staying)\b.{0,160}\bcookies?|cookies (help|allow|enable|let) us
    |we (value|care about|respect) your privacy)\b.{0,360}

[cookie-notice | anywhere]
we and our (\d+ )?(\w+ )?partners (use|store|process|may|can|need|value|ask)\b.{0,300}
(accept|reject|allow|decline|manage|customi[sz]e|refuse)( all| only| non-essential| optional| necessary| and)* cookies?( settings)?
(cookie|consent) (settings|preferences|notice|consent|choices)|we (value|care about|respect) your privacy
manage (consent|your (privacy|consent|cookies?)( choices| preferences| settings)?)

[cookie-choices | company]
(accept|reject|allow|decline|refuse|deny|agree)( all| and close| & close)?|got it|i (agree|accept|understand)|settings|cookie policy
no,? thanks|learn more|find out more|necessary|functional|preferences

[advertising | anywhere]
advertisements?|(advertisement\W+)?(story|article|text|content) continues (below|after|under)\b.{0,60}|continue reading below
scroll (down )?(to|for) (continue|more|keep reading)\b.{0,40}|(spot_img)+|report this ad|\(?adsbygoogle\b.{0,60}|ads by \w+
this is an? (advertisement|paid post)

[advertising | edge]
advertising|sponsored( (content|post|links?|stories)| by .{1,40})?|(paid|promoted|partner) (content|post|partnership)
(this )?(content|article|post) (is )?sponsored by .{1,40}

[advertising | company]
ads?|promoted|remove ads|hide ads

[app-prompt | anywhere |  app]
(please )?(download|get|install|try) our (\w+ ){0,4}app\b.{0,120}
(please )?(download|install) the (\w+ ){0,4}app (now|today|for free|here)\b.{0,60}
(available|get it|download) (now )?on (the )?(app store|google play)\b.{0,60}

[follow-prompt | anywhere]
((please )?(follow|like|find|connect with|join|watch) us) (on|across) (all |our |social|<platform>)\b.{0,160}|follow us|follow @\w+
like our (facebook )?page\b.{0,100}

[follow-prompt | edge]
follow (?=.*(@|facebook\.com| for (more|all|the latest|news|updates))).{1,80}\bon (\w+ )?(<platform>)\b.{0,120}
(stay|keep) (connected|tuned|updated|up to date|informed)( (with (us|our|.{0,40}\bnews\b)|for (more|updates)|on the latest)\b.{0,100})?
for (more|the latest|all the latest|breaking)\b.{0,80}\b(follow|subscribe to|like|join|download) (us|our)\b.{0,160}
join (our|us on) .{0,40}\b(channel|group|community|telegram|whatsapp|discord)\b.{0,80}

[reading-time | anywhere]
(about |~ ?|< ?)?\d{1,3}[- ]?min(ute)?s?\.? read(ing)?( time)?
(estimated )?read(ing)? time:? ?(about |~ ?|< ?|less than )?(\d{1,3}|an?|one) ?min(ute)?s?\.?( read)?
less than (1|one|a) minute( read)?|listen to (this|the) (article|story)( .{0,40})?

[empty-label | edge]
(date|author|by|source|categor(y|ies)|tags?|views|published|posted|updated|edited|location|via|image|photo):
(first |last )?(updated|published|posted|modified) ?(on|at|by|in)?:?|written by:?|filed under:?
(image|photo) (credit|source|caption):?

[empty-list | anywhere]
(no|there are no) (more |related |recent |new )?(stories|posts|results|articles|content|news|items) (found|available|yet
    |to (show|display|see)|at this time)
nothing found|loading( (more|comments|stories|posts|related posts))?( ?\.{2,3}|…)?

[copyright | edge | copyright]
(©|\(c\)|copyright( ©| \(c\))?)[ ,]*(19|20)\d\d\b.{0,250}
(©|\(c\)|copyright) .{0,80}\b(all )?rights reserved\b.{0,200}|© .{1,60}
.{0,80}\ball rights reserved\b.{0,250}
powered by (wordpress|blogger|ghost|drupal|\w+\.com)|(theme|website|site|web design) by .{1,40}

[navigation | anywhere]
(skip|jump) to (main |the )?(content|navigation|menu|search|footer|comments?)
(back|return|go) to (the )?(top|home ?page|home)( of (the )?page)?
toggle (navigation|menu|search|sidebar)|(open|close|main|primary|mobile|show) (navigation )?menu|you are here:.{0,80}

[navigation | edge]
(?=[^|]{1,40}[|])(?=.*\b(sign ?in|log ?in|subscribe|cookie settings|my account|register|newsletters?|e-?paper)\b)
    [^|.]{1,31}([|][^|.]{1,42})+
(?=(<section>)\b)(?=.*\b(home|news|sports?|menu|opinion|contact|subscribe|log ?in|sign ?in|about)\b)(?>
    (<section>)\b[\s|>/»›·•:-]+){2,}(<section>)
home ?[>»›|] ?.{1,120}
((<legal>)( ?[|·•,/-] ?| and | ))+(<legal>)
(previous|next|older|newer) (article|post|story|page|posts)|trending( now| topics)?: .{1,120}
(« ?)?((previous|prev) )?\d+( (\d+|…|\.\.\.))+ next( ?»)?|(view|see|read) all (posts|articles|stories) by .{1,60}

[navigation | company]
<section>|<legal>|previous|next|close|(view|show|see|load|read) (more|all|less)|register|my account|edition|trending|breaking( news)?

[read-more | anywhere]
(read|see|learn|find out) more( (here|at|on|about|from) .{0,80}| here)?|(click|tap) here (to|for)\b.{0,100}
(read|see|view) the (full|whole|original|rest of the|complete) (story|article|post|report)\b.{0,60}

[read-more | article]
(read more|read also|also read|also see|read next|related (article|story|stories|news|posts?|coverage)|see also|must[- ]read|don't miss
    |learn more|more (on this|coverage|news)|you may (also )?like|in case you missed it|icymi|(next|previous) (article|post|story))
    \s?([:»>|]|--?|–|—)\s?(\S+ ){2,24}\S*[^.\s:;,]
(more|read|related)\s?[:»>|]\s?(\S+ ){2,24}\S*[^.\s:;,]

[game-prompt | anywhere]
(need|looking for|want|time for|fancy) .{1,40}\?\s.{0,60}\bplay\b.{0,80}\b(crossword|quiz|puzzles?|sudoku|games?)\b.{0,60}
play (the|our|today's) .{0,40}\b(crossword|quiz|puzzles?|sudoku|word game)\b.{0,60}

[feedback-prompt | anywhere]
was this (article|page|story|content|post) (helpful|useful|interesting)\b.{0,60}|rate this (article|post|story)
(report|spotted|found|see|notice) (a|an|any) (typo|error|mistake)s?( in this .{1,20})?\?.{0,100}|report (a|an) (typo|error|mistake)
(got|have) a (news |story )?tip\?.{0,160}|how (useful|helpful) was this (article|post|page).{0,20}|(send|share) (us )?(your )?feedback

[tags | company]
tags?:?|topics?:?

[tags | edge]
(tags?|tagged( (as|with|in))?|filed under|topics?|categor(y|ies)|keywords|posted in|more about)\s*:\s*[^.]{1,200}

[heading | strong]
(related|similar) (<kind>)|recommended (<kind>|for you|by .{1,30})|stories (for|picked for) you
you (may|might|could|'ll)( also)? (like|love|enjoy|be interested in)\b.{0,40}|readers also (read|liked)
(read|see) (also|next|more:)|also (read|see)|what to (read|watch) next|(keep|continue) reading
more (<kind>|like this|(on|about) this (story|topic|subject)|((<kind>) )?from .{1,40}|to (read|explore)|coverage)
(from )?around the web|from the web|(sponsored|promoted) (stories|links|content)|from our (partners?|sponsors?|network)

[heading | article]
must[- ]reads?|don't miss( (any|our|out|a (story|thing|beat|post)|the latest|these)\b.{0,60})?|editor(s|'s|s')? (picks?|choice)
most (read|viewed|shared|commented|watched)( (<kind>))?|trending (now|<kind>)|popular (<kind>|now|this week)
(latest|recent|other|top|featured|breaking) (posts?|stories|articles?|news|headlines)|in case you missed it|in other news
(read|see) more|up next|next up|(elsewhere|also|more) (on|in|from) .{1,40}|explore more\b.{0,30}|(previous|next) (article|post|story)

[heading | weak]
related|popular|most popular|recommended|trending|latest|more|read|top|featured|news|what's (hot|new|trending)
"""
