namespace Arw.Core.Text;

/// <summary>Words that carry no topic, in English, German, French and Spanish, and the common words of web pages.</summary>
internal static class StopWords
{
    private const string English =
        "a about above after again against all also am an and any are aren't as at be because been before being below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each " +
        "even ever every few first for from further get gets go goes got had hadn't has hasn't have haven't having he her here hers herself him himself his how i if in into is isn't it it's its itself just last let like made make " +
        "makes many may me might more most much must my myself new no nor not now of off on once one only or other our ours ourselves out over own per said same say says she should shouldn't since so some still such than that " +
        "that's the their theirs them themselves then there these they this those through to too two three under until up upon us use used using very via was wasn't way we well were weren't what when where which while who whom why " +
        "will with within without won't would wouldn't year years yet you your yours yourself yourselves";

    private const string German =
        "aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei beim bin bis bist da damit dann das dass daß dein deine dem den denn der des dessen dich die dies diese diesem diesen " +
        "dieser dieses dir doch dort du durch ein eine einem einen einer eines einige einigen er es etwas euch euer für gegen gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem " +
        "ins ist jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen keiner können könnte mehr mein meine mich mir mit muss nach neu neue neuen nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seit " +
        "sich sie sind so solche soll sollte sondern sonst über um und uns unser unter viel vom von vor während war waren warum was weg weil weiter welche welchem welchen welcher wenn werde werden wie wieder will wir wird wo wurde wurden " +
        "zu zum zur zwar zwischen";

    private const string French =
        "ai aie ainsi après au aucun aussi autre autres aux avant avec avoir avait ayant beaucoup bien car ce ceci cela celle celles celui ces cet cette ceux chaque chez comme comment contre dans de depuis des deux dont du elle elles en " +
        "encore entre est et étaient était été être eu eux fait faire fois font il ils je la le les leur leurs lors lui ma mais même mes moins mon ne ni non nos notre nous nouveau nouvelle on ont ou où par parce pas pendant peu peut plus " +
        "pour pourquoi quand que quel quelle quelles quels qui sa sans se selon sera ses si son sont sous sur ta tandis te tes toi ton tous tout toute toutes très tu un une vers vos votre vous y c'est d'un d'une l'on n'est qu'il qu'elle";

    private const string Spanish =
        "al algo alguno algunos ante antes aquel aquella así aun aunque bajo bien cada casi como cómo con contra cual cuál cuando de del desde después donde dos el él ella ellas ellos en entre era eran es esa esas ese eso esos esta está están " +
        "estaba estado estar estas este esto estos fue fueron ha había habían han hasta hay la las le les lo los más me mi mientras mis mucho muchos muy nada ni no nos nosotros nuestra nuestro nueva nuevo o os otra otras otro otros para pero " +
        "poco por porque pues que qué quien se sea según ser si sí sido sin sobre son su sus también tan tanto te tiene tienen toda todas todo todos tras tu tus un una uno unos usted ya yo";

    private const string Web = "http https www com org html click read article comments share newsletter subscribe cookie cookies amp nbsp";

    private static readonly HashSet<string> All = [.. string.Join(' ', English, German, French, Spanish, Web).Split(' ')];

    public static bool Contains(string word) => All.Contains(word.Replace('’', '\''));
}
