/** The two functions that the specs and the bench ask of twitter-text, which has no types of its own. */
declare module 'twitter-text' {
  const twitter: {
    parseTweet(text: string): { weightedLength: number; valid: boolean };
    extractUrls(text: string): string[];
  };
  export default twitter;
}
